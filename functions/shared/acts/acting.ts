import type { Logger } from '@aws-lambda-powertools/logger'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { Clock } from '../../../domain/acts/until.ts'
import type { Standing } from '../../../domain/acts/who.ts'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { isTimeZone, sayLength, sayLocal, sayLocalIn } from '../../../domain/say-time.ts'
import type { Tools } from '../handler.ts'
import { Registry } from '../roll-out/registry.ts'
import type { Table } from '../table/table.ts'

/** Who asks for something, when, and under which id: the same at every attempt of one request. */
export type Asking = {
  who: Standing
  via: 'slack' | 'iam'
  /** ISO 8601: when it was asked for. With `id` it makes the receipt's key. */
  at: string
  id: string
  /** The zone of whoever asks, where it is known. */
  zone?: string | undefined
}

/** What it takes to carry an act out. */
export type Acting = Asking & {
  table: Table
  ecs: ECSClient
  sfn: SFNClient
  logs: CloudWatchLogsClient
  tagging: ResourceGroupsTaggingAPIClient
  events: EventBridgeClient
  registry: Registry
  catalog: CompiledCatalog
  /** ARN of the roll-out machine. */
  machine: string
  /** ARN of the machine that puts to sleep and wakes. */
  sleepMachine: string
  log: Logger
  now: Date
}

export type Settings = { TABLE_NAME: string; ROLL_OUT_MACHINE: string; SLEEP_MACHINE: string }

export function actingFor(tools: Tools<Settings>, asking: Asking): Acting {
  const { client, environment, log, now } = tools
  return {
    ...asking,
    table: { client: client(DynamoDBClient), name: environment.TABLE_NAME },
    ecs: client(ECSClient),
    sfn: client(SFNClient),
    logs: client(CloudWatchLogsClient),
    tagging: client(ResourceGroupsTaggingAPIClient),
    events: client(EventBridgeClient),
    registry: new Registry(client(ECRClient), tools.fetch),
    catalog: tools.catalog(),
    machine: environment.ROLL_OUT_MACHINE,
    sleepMachine: environment.SLEEP_MACHINE,
    log,
    now,
  }
}

/** The account that the function runs in: the machine's. */
export const accountOf = (machine: string): string => machine.split(':')[4] ?? ''

/** In Slack a time at which something sleeps is the writer's own. */
export const clockOf = ({ now, catalog, via, zone }: Acting): Clock => ({
  now,
  timeZone: catalog.timeZone,
  ...(via === 'slack' && zone !== undefined && isTimeZone(zone) && { own: zone }),
})

/** A command as whoever asks would type it. */
export const command = ({ via }: Pick<Acting, 'via'>, words: string): string =>
  `\`${via === 'slack' ? '/caretaker' : 'npx caretaker'} ${words}\``

/** An instant to come, in the environment's zone, how far away it is, and in the asker's zone. */
export function sayUntil({ now, catalog, zone }: Acting, until: Date): string {
  const own = sayLocal(until, catalog.timeZone, now)
  const away = `${sayLength(until.getTime() - now.getTime())} from now`
  const theirs = zone !== undefined && isTimeZone(zone) ? sayLocal(until, zone, now) : own
  const differs = clockTime(theirs) !== clockTime(own)
  return `until ${own}, ${away}${differs ? ` (${theirs})` : ''}`
}

/** Without its zone: two zones may show the same time. */
const clockTime = (said: string): string => said.split(' ').slice(0, -1).join(' ')

/** A past instant: `Mon 2 Mar 09:04 Europe/Berlin`. */
export const sayAt = ({ now, catalog }: Acting, at: string): string =>
  Number.isNaN(Date.parse(at)) ? at : sayLocal(new Date(at), catalog.timeZone, now)

/** Reasons that are kept say instants in UTC: people read them in the environment's zone. */
export const localized = ({ catalog, now }: Acting, text: string): string =>
  sayLocalIn(text, catalog.timeZone, now)
