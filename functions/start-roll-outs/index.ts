import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import { policyRefusal } from '../../domain/roll-out/plan.ts'
import type { Push } from '../../domain/table/record.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import { lambda } from '../shared/handler.ts'
import { listManaged } from '../shared/listed.ts'
import { describeManaged } from '../shared/managed.ts'
import { recordNotTaken, recordUnfollowed } from '../shared/roll-out/record.ts'
import { startRollOut } from '../shared/roll-out/start.ts'
import { environment, event } from './contract.ts'

/**
 * Starts a roll-out for each service that a push is for; for those that do not take it, and for a
 * repository that nothing follows, the verdict is written down and no machine starts.
 */
export const handler = lambda({
  name: 'start-roll-outs',
  environment,
  event,
  async run(input, tools) {
    const { environment: settings, client, log, now } = tools
    const sfn = client(SFNClient)
    const machine = settings.ROLL_OUT_MACHINE
    if ('ended' in input) {
      const service = input.ended.serviceArn
      await startRollOut(sfn, machine, { service, waiting: true }, input.id)
      return { started: [service] }
    }
    const { push, id } = input
    const { environment: own } = tools.catalog()
    const listed = await listManaged(client(ResourceGroupsTaggingAPIClient), own)
    const followers = listed.filter(({ tags }) => repositoriesOf(tags).includes(push.repository))
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    // Records name the event where no execution was started.
    const execution = `event ${id}`
    if (followers.length === 0) {
      await recordUnfollowed(table, push, { execution, now })
      return { started: [] }
    }
    const [takers, others] = partition(followers, ({ tags }) => refusalOf(tags, push) === undefined)
    const started = takers.map(({ arn }) => arn)
    // The list is some seconds old: what it says no to is asked again where tags are current.
    const arns = others.map(({ arn }) => arn)
    for (const { arn, id: service, tags } of await describeManaged(client(ECSClient), arns, own)) {
      const reason = refusalOf(tags, push)
      if (reason === undefined) {
        started.push(arn)
        continue
      }
      log.info('decided', { caretakerService: service, verdict: 'not-taken', reason })
      const owner = tags[TAGS.owner] ?? ''
      const context = { service, serviceArn: arn, owner, execution, now }
      await recordNotTaken(table, context, push, reason)
    }
    for (const service of started) await startRollOut(sfn, machine, { service, push }, id)
    return { started }
  },
})

/** Why a service's tags do not take a push; undefined when they do. */
function refusalOf(tags: Record<string, string>, push: Push): string | undefined {
  try {
    return policyRefusal(parsePolicy(tags[TAGS.deploy] ?? 'off'), push)
  } catch (error) {
    if (error instanceof PolicyError) return error.message
    throw error
  }
}

function partition<Item>(items: readonly Item[], fits: (item: Item) => boolean): [Item[], Item[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (fits(item) ? 'yes' : 'no'))
  return [yes, no]
}
