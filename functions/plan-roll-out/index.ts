import type { Logger } from '@aws-lambda-powertools/logger'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import { instant } from '../../domain/record.ts'
import { lambda } from '../shared/handler.ts'
import { Table } from '../shared/table.ts'
import { environment, event } from './contract.ts'
import { type Remembered, remember } from './memory.ts'
import { observe, type Sources } from './observe.ts'
import { type Cause, plan } from './plan.ts'
import { Registry } from './registry.ts'
import { type Managed, servicesFor } from './services.ts'
import { waitingPushes } from './waiting.ts'
import { rollOut, type Work, write } from './work.ts'
import { type Ledger, unfollowedWrites } from './writes.ts'

/**
 * Plans the roll-outs that one input of the roll-out machine asks for.
 *
 * @returns `work`: one piece per push and service, for the machine to carry out. Nothing in AWS
 *   or in the table has been changed yet.
 */
export const handler = lambda({
  name: 'plan-roll-out',
  environment,
  event,
  async run({ input: cause, execution, startedAt }, tools) {
    const { environment, client, now } = tools
    const ecs = client(ECSClient)
    const dynamo = client(DynamoDBClient)
    const sources: Sources = {
      ecs,
      sfn: client(SFNClient),
      registry: new Registry(client(ECRClient), tools.fetch),
      waiting: (service) => waitingPushes(dynamo, environment.TABLE_NAME, service),
    }
    const common = { table: environment.TABLE_NAME, execution, now }
    const tagging = client(ResourceGroupsTaggingAPIClient)
    const services = await servicesFor({ ecs, tagging }, cause)
    if (services.length === 0 && cause.kind === 'push') {
      return { work: [{ action: 'write', writes: unfollowedWrites(common, cause.push) }] }
    }
    const table = new Table(dynamo, environment.TABLE_NAME)
    const memory = await remember(
      table,
      services.map(({ id }) => id),
      cause,
    )
    const work: Work[] = []
    const when = { now, at: instant(startedAt) }
    const blind: unknown[] = []
    for (const [at, managed] of services.entries()) {
      const service = { managed, remembered: memory[at] ?? {} }
      try {
        work.push(...(await workFor(sources, service, cause, { ...common, ...tools, when })))
      } catch (error) {
        tools.log.error('a service cannot be looked at', { caretakerService: managed.id, error })
        blind.push(error)
      }
    }
    // One service that cannot be read must not keep the sweep from the others.
    if (blind.length > 0 && (cause.kind !== 'sweep' || blind.length === services.length)) {
      throw blind[0]
    }
    return { work }
  },
})

/** Reads what one service's decision rests on, decides, and prepares the work. */
async function workFor(
  sources: Sources,
  { managed, remembered }: { managed: Managed; remembered: Remembered },
  cause: Cause,
  { when, log, ...common }: Common,
): Promise<Work[]> {
  const { id: service, arn: serviceArn, tags } = managed
  const cluster = service.split('/')[0] ?? ''
  const owner = tags['caretaker:owner'] ?? ''
  const ledger: Ledger = { ...common, now: when.now, service, serviceArn, cluster, owner }
  const policy = readPolicy(tags)
  if (policy instanceof PolicyError) return unreadable(ledger, policy, cause)
  const observation = await observe(sources, managed, remembered, policy, cause)
  const { state, running } = observation.observed
  const noted = { ...ledger, state, running }
  const settings = { bakeSeconds: common.environment.BAKE_SECONDS }
  return plan(observation.observed, cause, when).map((decision) => {
    log.info('decided', { caretakerService: service, decision })
    return decision.action === 'roll-out'
      ? rollOut(noted, managed, observation, decision, settings)
      : write(noted, decision)
  })
}

type Common = {
  table: string
  execution: string
  when: { now: Date; at: string }
  environment: { BAKE_SECONDS: number }
  log: Logger
}

/** A tag that cannot be read is never guessed: nothing is done, and a push is told why. */
function unreadable(ledger: Ledger, { message: reason }: PolicyError, cause: Cause): Work[] {
  if (cause.kind !== 'push') return []
  return [write(ledger, { action: 'record', verdict: 'not-taken', push: cause.push, reason })]
}

function readPolicy(tags: Record<string, string>) {
  try {
    return parsePolicy(tags['caretaker:deploy'] ?? 'off')
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
}
