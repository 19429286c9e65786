import type { ShownCatalog, ShownEnvironment, ShownService } from '../../domain/acts/show.ts'
import { type CompiledCatalog, channelOf } from '../../domain/compiled-catalog.ts'
import type { Key } from '../../domain/table/keys.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import { isVerdict } from '../../domain/verdicts.ts'
import { receiptsOf } from '../../local/console/receipts.ts'
import type { SleepSource } from '../../local/console/sleep.ts'
import type { AlarmSource, ExecutionSource, Reader, Seen } from '../../local/console/source.ts'
import { Kept, type PushRecord } from '../../local/views/kept.ts'
import type { ServiceReport } from '../../local/views/services.ts'
import type { SleeperReport } from '../../local/views/sleepers.ts'
import { teamsOf } from '../../local/views/teams.ts'

/** What was read of a real account. */
export type Account = {
  known: ShownCatalog
  shown: ShownEnvironment
  /** Undefined: CloudWatch did not say; the episodes that Caretaker keeps say which are red. */
  alarms: readonly AlarmSource[] | undefined
  reader: Reader
}

/** The same in the console's own form, of which the page is made. */
export function seenOf({ known, shown, alarms, reader }: Account): Seen {
  const { catalog } = known
  const kept = Kept.of(shown.items)
  return {
    journal: [],
    ...ofRecords(kept, known),
    services: shown.services
      .map((one) => serviceOf(one, kept))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    messages: undefined,
    people: [],
    alarms: alarms ?? episodesOf(kept),
    sleep: sleepOf(catalog, shown, kept),
    teams: teamsOf(catalog, kept, (_id, _ts, record) => channelFor(catalog, shown, record)),
    reader,
    labels: {},
  }
}

/** What records and receipts make, of everything or of one service. */
export function ofRecords(
  kept: Kept,
  { rollOut }: ShownCatalog,
): Pick<Seen, 'records' | 'receipts' | 'executions'> {
  const records = kept.all
  return { records, receipts: receiptsOf(kept), executions: executionsOf(records, rollOut) }
}

function serviceOf(shown: ShownService, kept: Kept): ServiceReport {
  const { id, team, tags, desired, running, image } = shown
  const [cluster = '', name = ''] = id.split('/')
  const { latest } = kept.state(id) ?? {}
  const stages = desired === 0 && latest?.verdict === 'staged'
  return {
    ...{ name, cluster, owner: team, repositories: repositoriesOf(tags), desired },
    deploy: tags[TAGS.deploy] ?? 'off',
    running:
      running === 0 || image === undefined
        ? null
        : { digest: image.digest, tag: image.tag ?? tagOf(kept, id, image.digest), count: running },
    // The sweep looks every five minutes at what the tag names, and notes it.
    asAsked: latest === undefined || stages || latest.digest === image?.digest,
    healthy: running >= desired,
    awake: desired > 0,
  }
}

/** The tag under which an image came last; empty where nothing is known of it. */
const tagOf = (kept: Kept, id: string, digest: string): string =>
  kept.all.findLast((one) => `${one.cluster}/${one.service}` === id && one.digest === digest)
    ?.tag ?? ''

/** Executions as far as their records tell; what their states did is read for the one looked at. */
function executionsOf(records: readonly PushRecord[], rollOut: string): ExecutionSource[] {
  const machine = { arn: rollOut, name: rollOut.split(':').at(-1) ?? '', text: '' }
  const own = records.filter(({ execution }) => execution.includes(':execution:'))
  const last = new Map(own.map((record) => [record.execution, record]))
  return [...last.values()].map((record) => ({
    arn: record.execution,
    machine,
    status: isVerdict(record.verdict) ? ('SUCCEEDED' as const) : ('RUNNING' as const),
    startDate: new Date(record.startedAt ?? record.at),
    stopDate: record.endedAt === undefined ? undefined : new Date(record.endedAt),
    inputText: JSON.stringify(inputOf(record)),
    output: undefined,
    error: undefined,
    cause: undefined,
    history: { events: [] },
  }))
}

/** Why it was started, as its input would say it (`functions/plan-roll-out/contract.ts`). */
const inputOf = ({ service = '', asked, repository, tag, digest }: PushRecord) =>
  asked === undefined ? { service, push: { repository, tag } } : { service, digest, by: asked.by }

const episodesOf = (kept: Kept): AlarmSource[] =>
  kept.every('alarm').map(({ item: { detail, reason, verdict } }) => ({
    name: detail.name,
    isRed: verdict === 'red',
    reason,
    service: detail.service ?? detail.serviceId?.split('/').at(-1) ?? '',
  }))

function sleepOf(catalog: CompiledCatalog, shown: ShownEnvironment, kept: Kept): SleepSource {
  const { features, timeZone, schedules, calendars, stays } = catalog
  return {
    level: features.sleep ?? 'off',
    ...{ timeZone, schedules, calendars, stays },
    sleepers: sleepersOf(shown, kept),
    overrides: kept.overrides,
    slept: kept.slept,
    tasks: Object.fromEntries(
      Object.entries(catalog.services).flatMap(([name, { task, leastTasks = 1 }]) =>
        task === undefined ? [] : [[name, { ...task, count: Math.max(leastTasks, 1) }]],
      ),
    ),
  }
}

function sleepersOf({ services, sleepers }: ShownEnvironment, kept: Kept): SleeperReport[] {
  const tagged = new Map([
    ...Object.entries(sleepers),
    ...services.map(({ id, tags }) => [`service/${id}`, tags] as const),
  ])
  return kept.sleepers
    .map(({ id, kept: item }) => {
      const tags = tagged.get(id) ?? {}
      const { about } = item
      const own = id.startsWith('service/') ? tags[TAGS.service] : tags.Name
      return {
        id,
        name: own ?? about?.name ?? id.split('/').at(-1) ?? id,
        owner: tags[TAGS.owner] ?? about?.owner ?? '',
        schedule: tags[TAGS.schedule] ?? about?.schedule ?? '',
        order: Number(tags[TAGS.order] ?? about?.order ?? Number.POSITIVE_INFINITY),
        kept: item,
      }
    })
    .toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

/** Slack's id of a channel says nothing to people: a record is told in the channel of its owner. */
function channelFor(
  catalog: CompiledCatalog,
  { items }: ShownEnvironment,
  { pk, sk }: Key,
): string {
  const record = items.find((one) => one.pk === pk && one.sk === sk)
  // The partition of what is told of a team's tags names the team.
  return channelOf(catalog, String(record?.owner ?? pk.split('#').at(-1) ?? ''))
}
