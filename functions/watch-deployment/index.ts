import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { DeploymentChanged } from '../../events/deployment-changed.ts'
import type { TaskStopped } from '../../events/task-stopped.ts'
import { lambda } from '../shared/handler.ts'
import { lookBefore } from './before-deployment.ts'
import { check, checkRollBack } from './check.ts'
import {
  type Back,
  type Before,
  type Check,
  environment,
  event,
  serviceArnOf,
  type Wait,
} from './contract.ts'
import { checkDeployment, type Watcher, wait } from './watch.ts'

/**
 * Watches one ECS deployment for the roll-out machine: when the machine begins to wait, at every
 * ECS event about the service, and once more after the bake (or at the deadline). Each time it
 * asks ECS how the deployment is; what it was called with only says when to look.
 */
export const handler = lambda({
  name: 'watch-deployment',
  environment,
  event,
  async run(input, { client, environment: settings, log, now }) {
    const watcher: Watcher = {
      ecs: client(ECSClient),
      ecr: client(ECRClient),
      logs: client(CloudWatchLogsClient),
      sfn: client(SFNClient),
      table: { client: client(DynamoDBClient), name: settings.TABLE_NAME },
      log,
      now,
      deadlineSeconds: settings.DEADLINE_SECONDS,
    }
    if ('wait' in input) return wait(watcher, input.wait as Wait)
    if ('back' in input) return checkRollBack(watcher, input.back as Back)
    if ('before' in input) return lookBefore(watcher, input.before as Before)
    if ('check' in input) return check(watcher, input.check as Check)
    return checkDeployment(watcher, serviceArnOf(input as DeploymentChanged | TaskStopped))
  },
})
