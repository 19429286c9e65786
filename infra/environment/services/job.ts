import { Stack } from 'aws-cdk-lib'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { named } from '../../names.ts'
import { environmentDeadLettersArn } from '../dead-letters.ts'
import type { SharedResources } from '../shared-resources.ts'
import { followedRun, isFollowed } from './job-machine.ts'
import { clusterArn, runnerRole, taskParameters } from './run-task.ts'

export type JobProps = {
  service: Service
  /** EventBridge Scheduler's own words: `cron(…)` or `rate(…)`. */
  runs: string
  shared: SharedResources
  definition: FargateTaskDefinition
}

/** A run that could not be started for an hour is not worth starting any more: the next comes. */
const RETRY = { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 60 * 60 }

/**
 * A job: a schedule that starts its task. There is nothing to deploy: the definition names the
 * image by its tag, and each run takes the newest.
 */
export function runOnSchedule(scope: Construct, props: JobProps): void {
  const { service, runs, shared, definition } = props
  const name = named(scope, service.name, 'job')
  const deadLetters = environmentDeadLettersArn(scope)
  // Scheduler takes a role on for the schedule's group, never for the schedule itself:
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  const source = Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
  })
  const { subnets, securityGroups, ...parameters } = taskParameters(definition, {
    vpc: shared.vpc,
    securityGroup: shared.securityGroups[service.cluster],
    others: service.securityGroups,
  })
  const ecsParameters = {
    ...parameters,
    taskCount: service.count,
    capacityProviderStrategy: [
      { capacityProvider: service.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
    ],
    networkConfiguration: {
      awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' },
    },
  }
  const role = { by: 'scheduler.amazonaws.com', source, deadLetters } as const
  const { cluster } = service
  const target = isFollowed(service)
    ? followedRun(scope, { service, definition, ecsParameters, role })
    : {
        arn: clusterArn(scope, cluster),
        roleArn: runnerRole(scope, 'runner', { ...role, cluster, definition }).roleArn,
        ecsParameters,
      }
  new CfnSchedule(scope, 'schedule', {
    name,
    description: `Runs the job ${service.name}`,
    scheduleExpression: runs,
    scheduleExpressionTimezone: shared.environment.timeZone,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      ...target,
      retryPolicy: RETRY,
      deadLetterConfig: { arn: deadLetters },
    },
  })
}
