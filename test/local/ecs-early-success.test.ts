import type { DeploymentEarlySuccessCriteria } from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

const criteria = (
  sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED',
): DeploymentEarlySuccessCriteria => ({
  enable: true,
  healthyPercent: 100,
  sourceServiceRevisionCleanup,
})

const BREAKER = {
  enable: true,
  rollback: true,
  resetOnHealthyTask: false,
  thresholdConfiguration: { type: 'COUNT', value: 1 },
} as const

/** A service of two good tasks, and where in its events each moment of the next deployment is. */
async function afterUpdate(earlySuccessCriteria: DeploymentEarlySuccessCriteria, after = {}) {
  const account = await Cluster.open()
  const deploymentConfiguration = { earlySuccessCriteria, deploymentCircuitBreaker: BREAKER }
  await account.create(await account.revision({}), { deploymentConfiguration })
  await account.run(3 * MINUTE)
  account.events.length = 0
  await account.update({ taskDefinition: await account.revision(after) })
  await account.run(3 * MINUTE)
  const named = account.events.map(({ detail }) => detail.eventName ?? detail.lastStatus)
  return {
    account,
    completed: named.indexOf('SERVICE_DEPLOYMENT_COMPLETED'),
    gone: named.indexOf('DEPROVISIONING'),
  }
}

it('completes before the old tasks are gone, and removes them afterwards', async () => {
  const { account, completed, gone } = await afterUpdate(criteria('DEFERRED'))
  expect(completed).toBeGreaterThan(0)
  expect(completed).toBeLessThan(gone)
  const { deployments, runningCount } = await account.service()
  expect([deployments?.length, runningCount]).toEqual([1, 2])
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  expect(account.story()).toEqual(['IN_PROGRESS', 'COMPLETED', 'STEADY_STATE'])
})

it('waits for the old tasks to be gone when their removal is BLOCKING', async () => {
  const { completed, gone } = await afterUpdate(criteria('BLOCKING'))
  expect(completed).toBeGreaterThan(gone)
})

it('has no circuit breaker once it has completed', async () => {
  const { account } = await afterUpdate(criteria('DEFERRED'), { behaviour: 'crashes', after: 60 })
  const [deployment] = await account.deployments()
  expect(deployment?.status).toBe('SUCCESSFUL')
  expect(deployment?.deploymentCircuitBreaker?.status).toBe('MONITORING_COMPLETE')
  expect((await account.tasks('STOPPED')).length).toBeGreaterThan(2)
  expect((await account.service()).taskDefinition).toMatch(/:2$/)
})

it('is refused without its percentage, and below the share that must stay healthy', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({}))
  const update = (earlySuccessCriteria: object) =>
    account.update({ deploymentConfiguration: { earlySuccessCriteria } })
  await expect(update({ enable: true })).rejects.toThrow('needs healthyPercent')
  await expect(update({ ...criteria('DEFERRED'), healthyPercent: 50 })).rejects.toThrow(
    '100 to 100',
  )
})
