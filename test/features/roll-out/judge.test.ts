import type { Deployment, ServiceDeployment } from '@aws-sdk/client-ecs'
import { describe, expect, it, test } from 'vitest'
import { isBack, judge, progressOf, waitsFor } from '../../../functions/watch-deployment/judge.ts'
import { blameFor, errorFor } from '../../../functions/watch-deployment/outcome.ts'

const breaker = (status: 'TRIGGERED' | 'MONITORING') => ({ deploymentCircuitBreaker: { status } })

describe('a deployment is judged by its own status', () => {
  test.each<[string, ServiceDeployment, boolean, string]>([
    ['pending', { status: 'PENDING' }, false, 'in-progress'],
    ['in progress', { status: 'IN_PROGRESS', ...breaker('MONITORING') }, false, 'in-progress'],
    ['successful', { status: 'SUCCESSFUL' }, false, 'succeeded'],
    [
      'rolling back',
      { status: 'ROLLBACK_IN_PROGRESS', ...breaker('TRIGGERED'), rollback: {} },
      false,
      'in-progress',
    ],
    [
      'rolled back',
      { status: 'ROLLBACK_SUCCESSFUL', ...breaker('TRIGGERED') },
      false,
      'rolled-back',
    ],
    ['roll-back failed', { status: 'ROLLBACK_FAILED' }, false, 'stuck'],
    [
      'tripped, nothing to go back to',
      { status: 'IN_PROGRESS', ...breaker('TRIGGERED') },
      false,
      'stuck',
    ],
    ['stopped by a newer one', { status: 'STOPPED' }, false, 'replaced'],
    ['being stopped by somebody', { status: 'STOP_REQUESTED' }, false, 'in-progress'],
    [
      'tripped and being stopped, with nobody to roll it back',
      { status: 'STOP_REQUESTED', ...breaker('TRIGGERED') },
      false,
      'stuck',
    ],
    [
      'tripped, and ECS is about to roll it back',
      {
        status: 'IN_PROGRESS',
        ...breaker('TRIGGERED'),
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      },
      false,
      'in-progress',
    ],
    [
      'the first one, tripped',
      { status: 'ROLLBACK_IN_PROGRESS', ...breaker('TRIGGERED') },
      true,
      'stuck',
    ],
    [
      'the first one, rolled back to the placeholder',
      { status: 'ROLLBACK_SUCCESSFUL' },
      true,
      'stuck',
    ],
    ['the first one, successful', { status: 'SUCCESSFUL' }, true, 'succeeded'],
  ])('%s', (_, deployment, first, expected) => {
    expect(judge(deployment, { first }).state).toBe(expected)
  })
})

describe('what the machine is told', () => {
  const failure = {
    stoppedReason: 'Essential container in task exited',
    container: 'orders',
    exitCode: 137,
    logs: [],
  }

  it('names the exit code', () => {
    const error = errorFor({ state: 'rolled-back', reason: 'breaker' }, failure)
    expect(error?.name).toBe('DeploymentEnded')
    expect(JSON.parse(error?.message ?? '')).toEqual({
      next: 'record',
      verdict: 'rolled-back',
      tried: 'rolled-back',
      reason: 'Essential container in task exited (orders, exit code 137)',
    })
  })

  it('asks for a roll-back where ECS does none', () => {
    expect(errorFor({ state: 'stuck', reason: 'breaker' }, undefined)?.name).toBe('RollBackNeeded')
  })

  it('is nothing while there is nothing to tell', () => {
    expect(errorFor({ state: 'in-progress' }, failure)).toBeUndefined()
    expect(errorFor({ state: 'succeeded' }, undefined)).toBeUndefined()
  })
})

describe('an image is blamed only for what the image did', () => {
  test.each([
    ['Essential container in task exited', 1, 'rolled-back'],
    ['Task failed container health checks', undefined, 'rolled-back'],
    ['Task failed ELB health checks in (target-group x)', undefined, 'rolled-back'],
    ['CannotPullContainerError: pull image manifest: not found', undefined, 'rolled-back'],
    ['ResourceInitializationError: unable to pull secrets or registry auth', undefined, 'failed'],
    ['ResourceInitializationError: failed to validate logger args', undefined, 'failed'],
    // As Fargate says that the image has no such program, and that something else is wrong.
    [
      'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/app/run": stat /app/run: no such file or directory: unknown',
      undefined,
      'rolled-back',
    ],
    [
      'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "serve": executable file not found in $PATH: unknown',
      undefined,
      'rolled-back',
    ],
    [
      'CannotStartContainerError: ResourceInitializationError: unable to create new container: mount callback failed on /tmp/containerd-mount916692511',
      undefined,
      'failed',
    ],
    ['Capacity is unavailable at this time', undefined, 'failed'],
    ['CannotPullContainerError: pull access denied', undefined, 'failed'],
    ['CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout', undefined, 'failed'],
  ])('%s', (stoppedReason, exitCode, verdict) => {
    const failure = { stoppedReason, logs: [], ...(exitCode === undefined ? {} : { exitCode }) }
    expect(blameFor(failure)).toEqual({ verdict, tried: verdict })
  })
})

describe('a roll-back is over for Caretaker when what ran before runs as before', () => {
  const back = { status: 'ROLLBACK_IN_PROGRESS' } as const
  const whole = { runningCount: 2, desiredCount: 2, pendingCount: 0 }
  test.each<[string, ServiceDeployment, Deployment, boolean]>([
    ['with all its tasks', back, whole, true],
    ['with a task too few', back, { ...whole, runningCount: 1 }, false],
    ['with a task that starts', back, { ...whole, pendingCount: 1 }, false],
    ['before ECS has begun', { status: 'IN_PROGRESS' }, whole, false],
    [
      'with tasks that may have been stopped and started anew',
      { ...back, deploymentConfiguration: { minimumHealthyPercent: 50 } },
      whole,
      false,
    ],
  ])('%s', (_, deployment, primary, expected) => {
    expect(isBack(deployment, primary)).toBe(expected)
  })
})

describe('a deployment that shifts traffic', () => {
  const at = (
    lifecycleStage: ServiceDeployment['lifecycleStage'],
    more: ServiceDeployment = {},
  ): ServiceDeployment => ({
    status: 'IN_PROGRESS',
    ...more,
    ...(lifecycleStage && { lifecycleStage }),
  })
  const hook = (status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED') => ({
    lifecycleHookDetails: [{ status }],
  })

  test.each<[string, ServiceDeployment, string | undefined]>([
    ['a rolling one', at(undefined), undefined],
    ['its tasks start', at('SCALE_UP'), undefined],
    ['its old tasks stop', at('CLEAN_UP'), undefined],
    ['it bakes', at('BAKE_TIME'), 'it is at the stage BAKE_TIME'],
    [
      'some traffic is at it',
      at('PRODUCTION_TRAFFIC_SHIFT', hook('SUCCEEDED')),
      'it is at the stage PRODUCTION_TRAFFIC_SHIFT',
    ],
    [
      'somebody has to let it go on',
      at('POST_SCALE_UP', hook('AWAITING_ACTION')),
      'it waits at POST_SCALE_UP until somebody lets it go on',
    ],
    [
      'a function is not done',
      at('RECONCILE_SERVICE', hook('IN_PROGRESS')),
      'it waits at RECONCILE_SERVICE for a lifecycle hook',
    ],
    ['it goes back', { ...at('BAKE_TIME'), status: 'ROLLBACK_IN_PROGRESS' }, undefined],
  ])('waits by plan, or comes on: %s', (_, deployment, expected) => {
    expect(waitsFor(deployment)).toBe(expected)
  })

  it('says how much traffic it has', () => {
    const targetServiceRevision = { requestedProductionTrafficWeight: 12.5 }
    expect(progressOf(at('BAKE_TIME', { targetServiceRevision })).stage).toBe(
      'it is at the stage BAKE_TIME, with 12.5 % of the traffic',
    )
  })

  it.each([
    [100, false],
    [0, true],
  ])('is back when the traffic is: %i percent at the new one', (weight, expected) => {
    const deployment: ServiceDeployment = {
      status: 'ROLLBACK_IN_PROGRESS',
      targetServiceRevision: { requestedProductionTrafficWeight: weight },
    }
    expect(isBack(deployment, { runningCount: 1, desiredCount: 1, pendingCount: 0 })).toBe(expected)
  })

  it.each([
    ['of invalid networking configuration. One or more rules not found', 'failed'],
    ['PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to assume role x', 'failed'],
    ['TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. User: x is not authorized', 'failed'],
    [
      'PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target x returned FAILED',
      'rolled-back',
    ],
    ['POST_SCALE_UP pause hook timed out.', 'rolled-back'],
    ['of a user request.', 'rolled-back'],
  ])('blames the image only for what was looked at: %s', (why, verdict) => {
    const reason = `Service deployment rolled back because ${why}`
    expect(errorFor({ state: 'rolled-back', reason }, undefined)?.outcome.verdict).toBe(verdict)
  })
})
