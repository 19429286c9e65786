import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SFNClient } from '@aws-sdk/client-sfn'
import { lambda } from '../shared/handler.ts'
import { startMachine } from '../shared/start.ts'
import { environment, event } from './contract.ts'
import { keep } from './keep.ts'
import { noticedOf } from './noticed.ts'

/**
 * Keeps who has changed what sleeps, until the next look sees what came of it, and has somebody
 * look. What is true is read then: an event may be late, twice, or about what has changed since.
 */
export const handler = lambda({
  name: 'record-change',
  environment,
  event,
  async run(input, tools) {
    const { client, environment: settings, log, now } = tools
    const catalog = tools.catalog()
    const nothing = (because: string) => {
      log.info('decided', { done: 'nothing', because })
      return { kept: [], because }
    }
    if (catalog.features.sleep === 'off') return nothing('sleep is off')
    const noticed = noticedOf(input, settings.OWN_ROLES, now)
    if ('nothing' in noticed) return nothing(noticed.nothing)
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const kept = await keep(table, catalog, noticed, now)
    if (kept.length === 0) return nothing('nothing of it is new')
    const { told, looks } = noticed
    log.info('decided', { resources: kept, to: told?.to, by: told?.by })
    if (looks) {
      const why = told === undefined ? `${kept} has started` : `${told.by} has changed ${kept}`
      await startMachine(client(SFNClient), settings.SLEEP_MACHINE, { why }, `change-${input.id}`)
    }
    return { kept }
  },
})
