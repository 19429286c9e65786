import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { serviceOf } from '../../domain/arn.ts'
import type { Cause } from '../../domain/roll-out/observed.ts'
import { instant } from '../../domain/time.ts'
import { lambda } from '../shared/handler.ts'
import { listManaged, theOne, UnknownService } from '../shared/listed.ts'
import { describeManaged } from '../shared/managed.ts'
import { Registry } from '../shared/roll-out/registry.ts'
import { environment, event } from './contract.ts'
import { leave } from './leave.ts'
import { planService } from './plan-service.ts'

/**
 * Plans the roll-out of one service: reads what AWS says now, decides, writes down what needs only
 * that, and claims the service for a roll-out.
 *
 * @returns the roll-out, with every request that the machine will make prepared; or that there is
 *   none, because everything has been told.
 */
export const handler = lambda({
  name: 'plan-roll-out',
  environment,
  event,
  async run({ input: { service, cause }, execution, startedAt }, tools) {
    const { environment: settings, client, log, now } = tools
    const ecs = client(ECSClient)
    const { environment: own, timeZone, services } = tools.catalog()
    // Whoever types a name or a digest is answered in the execution's output: no alarm goes off.
    const mistake = mistakeIn(cause)
    if (mistake !== undefined) return { action: 'none', reason: mistake }
    const arn = await arnOf(service, client(ResourceGroupsTaggingAPIClient), own)
    if (arn instanceof UnknownService) return { action: 'none', reason: arn.message }
    const [managed] = await describeManaged(ecs, [arn], own)
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    // Deleted, or opted out, since it was found.
    if (managed === undefined) {
      await leave(table, serviceOf(arn), now)
      return { action: 'none', reason: `${arn} is not looked after` }
    }
    const at = instant(startedAt)
    return planService(
      {
        ecs,
        sfn: client(SFNClient),
        registry: new Registry(client(ECRClient), tools.fetch),
        table,
        log,
        environment: own,
        timeZone,
        services,
        defaults: {
          bakeSeconds: settings.BAKE_SECONDS,
          deadlineSeconds: settings.DEADLINE_SECONDS,
        },
      },
      managed,
      datedAtMost(cause, at),
      { execution, now, at },
    )
  },
})

/** A person may type a name; events and the sweep know the ARN. */
async function arnOf(
  service: string,
  tagging: ResourceGroupsTaggingAPIClient,
  environment: string,
): Promise<string | UnknownService> {
  if (service.startsWith('arn:')) return service
  try {
    return theOne(await listManaged(tagging, environment), service).arn
  } catch (error) {
    if (error instanceof UnknownService) return error
    throw error
  }
}

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** What is wrong with what a person typed; undefined when nothing is. */
function mistakeIn(cause: Cause): string | undefined {
  if (cause.kind !== 'by-hand' || DIGEST.test(cause.digest)) return undefined
  return `"${cause.digest}" is no digest: write sha256: and its 64 hexadecimal digits, as \`aws ecr describe-images\` shows it`
}

/** A push cannot be later than what it started: a date in the future would overtake every other. */
function datedAtMost(cause: Cause, at: string): Cause {
  if (cause.kind !== 'push' || cause.push.at <= at) return cause
  return { kind: 'push', push: { ...cause.push, at } }
}
