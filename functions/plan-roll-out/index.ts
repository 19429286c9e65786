import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { lambda } from '../handler.ts'
import { Table } from '../table.ts'
import { readCause } from './cause.ts'
import { environment, event } from './contract.ts'
import { observe } from './observe.ts'
import { plan } from './plan.ts'
import { PolicyError, parsePolicy } from './policy.ts'
import { Registry } from './registry.ts'
import { managedServices, repositoriesOf, theOne } from './services.ts'
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
  async run(
    { input, execution },
    { environment: { TABLE_NAME, BAKE_SECONDS }, client, fetch, log, now },
  ) {
    const cause = readCause(input, now)
    const ecs = client(ECSClient)
    const table = new Table(client(DynamoDBClient), TABLE_NAME)
    const registry = new Registry(client(ECRClient), fetch)
    const sources = { ecs, sfn: client(SFNClient), registry, table }
    const tagging = client(ResourceGroupsTaggingAPIClient)
    const services = await managedServices({ ecs, tagging }, (_arn, tags) =>
      cause.kind === 'push' ? repositoriesOf(tags).includes(cause.push.repository) : true,
    )
    const named = 'service' in input ? [theOne(services, input.service)] : services
    const chosen =
      cause.kind === 'waiting' && 'detail' in input
        ? services.filter(({ arn }) => input.resources?.includes(arn))
        : named
    if (cause.kind === 'push' && chosen.length === 0) {
      return {
        work: [
          { action: 'write', writes: unfollowedWrites(TABLE_NAME, cause.push, execution, now) },
        ],
      }
    }
    const work: Work[] = []
    for (const managed of chosen) {
      const ledger: Omit<Ledger, 'state'> = {
        table: TABLE_NAME,
        service: managed.id,
        serviceArn: managed.arn,
        cluster: managed.id.split('/')[0] ?? '',
        owner: managed.tags['caretaker:owner'] ?? '',
        execution,
        now,
      }
      try {
        const policy = parsePolicy(managed.tags['caretaker:deploy'] ?? 'off')
        const observation = await observe(sources, managed, policy, cause)
        const { observed } = observation
        for (const decision of plan(observed, cause, now)) {
          log.info('decided', { service: managed.id, ...decision })
          const full: Ledger = { ...ledger, state: observed.state }
          work.push(
            decision.action === 'roll-out'
              ? rollOut(full, managed, observation, decision, BAKE_SECONDS)
              : write(full, decision),
          )
        }
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error
        if (cause.kind !== 'push') continue
        const decision = {
          action: 'record',
          verdict: 'not-taken',
          push: cause.push,
          reason: error.message,
        } as const
        work.push(write({ ...ledger, state: undefined }, decision))
      }
    }
    return { work }
  },
})
