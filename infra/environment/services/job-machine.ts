import { Stack } from 'aws-cdk-lib'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'
import { loggedMachine } from '../../state-machine.ts'
import { clusterArn, letRun, type RunnerProps, roleFor } from './run-task.ts'

type Limits = Pick<Service, 'retries' | 'timeout'>

/** Whether somebody waits for the end of a job's run: `retries` or `timeout`. */
export const isFollowed = ({ retries, timeout }: Limits): boolean =>
  retries !== undefined || timeout !== undefined

/** The state machine of a job whose runs are followed, and the job's schedule. */
export const followedName = (scope: Construct, { name }: Pick<Service, 'name'>): string =>
  named(scope, name, 'job')

export type FollowedProps = {
  service: Service
  definition: FargateTaskDefinition
  /** What a schedule without a machine would start; the machine is given it. */
  ecsParameters: CfnSchedule.EcsParametersProperty
  role: Pick<RunnerProps, 'by' | 'source'> & { deadLetters: string }
}

/**
 * Scheduler starts a task and looks after it no longer: who is to try again or to stop what takes
 * too long must wait for the end (docs/adr/0036-who-follows-a-job.md).
 *
 * @returns the schedule's target: the machine, whose input says what to run.
 */
export function followedRun(
  scope: Construct,
  { service, definition, ecsParameters, role: { deadLetters, ...by } }: FollowedProps,
): Pick<CfnSchedule.TargetProperty, 'arn' | 'roleArn' | 'input'> {
  const machine = loggedMachine(scope, 'machine', {
    name: followedName(scope, service),
    definition: JSON.stringify(definitionOf(service)),
  })
  letFollow(scope, machine, { service, definition })
  const starter = roleFor(scope, 'starter', by)
  const allow = (action: string, resource: string) =>
    starter.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }))
  allow('states:StartExecution', machine.stateMachineArn)
  allow('sqs:SendMessage', deadLetters)
  const stack = Stack.of(scope)
  const { taskDefinitionArn, networkConfiguration, ...rest } = ecsParameters
  const { awsvpcConfiguration } = networkConfiguration as CfnSchedule.NetworkConfigurationProperty
  const { subnets, securityGroups, assignPublicIp } =
    awsvpcConfiguration as CfnSchedule.AwsVpcConfigurationProperty
  // As GetSchedule would say it of a target that is a cluster: local/console/job/start.ts.
  const input = {
    Arn: clusterArn(scope, service.cluster),
    EcsParameters: {
      TaskDefinitionArn: taskDefinitionArn,
      TaskCount: 1,
      CapacityProviderStrategy: rest.capacityProviderStrategy,
      EnableECSManagedTags: rest.enableEcsManagedTags,
      PropagateTags: rest.propagateTags,
      NetworkConfiguration: {
        awsvpcConfiguration: {
          Subnets: subnets,
          SecurityGroups: securityGroups,
          AssignPublicIp: assignPublicIp,
        },
      },
    },
  }
  return {
    arn: machine.stateMachineArn,
    roleArn: starter.roleArn,
    input: stack.toJsonString(input),
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html#connect-ecs-iam */
function letFollow(
  scope: Construct,
  machine: StateMachine,
  { service, definition }: Pick<FollowedProps, 'service' | 'definition'>,
): void {
  const { cluster } = service
  const role = machine.role as Parameters<typeof letRun>[0]
  letRun(role, { cluster, definition })
  const stack = Stack.of(scope)
  const tasks = stack.formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${named(scope, cluster)}/*`,
  })
  const rule = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForECSTaskRule',
  })
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
      resources: [tasks],
      conditions: { StringEquals: { 'aws:ResourceTag/caretaker:service': service.name } },
    }),
  )
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
      resources: [rule],
    }),
  )
  acknowledgeWildcards(
    machine,
    [tasks],
    'A task has no id before it runs; a condition limits this to tasks of the job.',
  )
}

/** The first is a minute after the failure: what was not there then may be there. */
const AGAIN = { IntervalSeconds: 60, BackoffRate: 2, MaxDelaySeconds: 900, JitterStrategy: 'FULL' }

const given = (path: string) => `{% $states.input.${path} %}`
const vpc = (member: string) =>
  given(`EcsParameters.NetworkConfiguration.awsvpcConfiguration.${member}`)

/** @returns ASL. */
function definitionOf({ name, retries, timeout }: Service): object {
  const comment = `Runs the job ${name} and waits until it has ended.`
  const head = { Comment: comment, QueryLanguage: 'JSONata' }
  const run = {
    Type: 'Task',
    Resource: 'arn:aws:states:::ecs:runTask.sync',
    Arguments: {
      Cluster: given('Arn'),
      TaskDefinition: given('EcsParameters.TaskDefinitionArn'),
      CapacityProviderStrategy: [
        {
          CapacityProvider: given('EcsParameters.CapacityProviderStrategy[0].capacityProvider'),
          Weight: 1,
        },
      ],
      PropagateTags: given('EcsParameters.PropagateTags'),
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: vpc('Subnets'),
          SecurityGroups: vpc('SecurityGroups'),
          AssignPublicIp: vpc('AssignPublicIp'),
        },
      },
    },
    ...(retries !== undefined && {
      Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: retries, ...AGAIN }],
    }),
  }
  if (timeout === undefined) {
    return { ...head, StartAt: 'Run', States: { Run: { ...run, End: true } } }
  }
  return { ...head, ...limited(run, timeout) }
}

/**
 * Step Functions stops the task of a state that is aborted, as when another branch fails; what it
 * does with one whose own timeout is over, AWS does not say. So time is a branch of its own, and
 * each branch ends with an error, since a branch that ends well would wait for the other.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
 */
function limited(run: object, timeout: number): object {
  const branch = (first: string, state: object, ended: string, end: object) => ({
    StartAt: first,
    States: { [first]: { ...state, Next: ended }, [ended]: { Type: 'Fail', ...end } },
  })
  return {
    StartAt: 'InTime',
    States: {
      InTime: {
        Type: 'Parallel',
        Branches: [
          branch('Run', run, 'Ended', { Error: 'Ended' }),
          branch('Wait', { Type: 'Wait', Seconds: timeout }, 'TooLong', {
            Error: 'TooLong',
            Cause: `The run took longer than ${timeout} seconds (timeout).`,
          }),
        ],
        Catch: [{ ErrorEquals: ['Ended'], Next: 'Succeeded' }],
        End: true,
      },
      Succeeded: { Type: 'Succeed' },
    },
  }
}
