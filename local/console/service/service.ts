import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { scheduled } from '../../../domain/schedule/scheduled.ts'
import type { PushRecord } from '../../views/kept.ts'
import type { ServiceReport } from '../../views/services.ts'
import { servicesView } from '../lights.ts'
import { whyNot } from '../reader.ts'
import type { Seen } from '../source.ts'
import { holdsOfService } from '../teams/holds.ts'
import { servicesOf } from '../teams/services.ts'
import { TONES } from '../tone.ts'
import { verdictOf } from '../words.ts'
import { actsFor } from './acts.ts'
import type { FactView, ServicePageView, VerdictView } from './view.ts'

/** Verdicts that are shown of one service. */
const LISTED = 30

/** A service by its name; null where there is none. */
export function servicePage(seen: Seen, name: string, now: Date): ServicePageView | null {
  const service = seen.services.find((one) => one.name === name)
  if (service === undefined) return null
  const { catalog, services: states } = seen.teams
  const { cluster, owner, deploy, repositories, running, desired } = service
  const team = Object.hasOwn(catalog.teams, owner) ? catalog.teams[owner] : undefined
  const history = historyOf(seen.records, name)
  const cost = servicesOf(owner, [service], seen.sleep).services.find((one) => one.name === name)
  return {
    ...{ name, cluster, repositories, team: team === undefined ? '' : owner, takes: deploy },
    ...(running !== null && {
      running: { tag: running.tag, digest: running.digest, ...sinceOf(history, running.digest) },
    }),
    tasks: `${running?.count ?? 0} of ${desired} tasks`,
    ...(cost?.usd !== undefined && { usd: cost.usd }),
    facts: [...lightsOf(seen, service), ...factsOf(seen, service, now)],
    holds: holdsOfService(name, seen.teams, seen.sleep.overrides, owner, now),
    alarms: seen.alarms
      .filter((alarm) => alarm.service === name)
      .map(({ name: alarm, isRed, reason }) => ({ name: alarm, isRed, why: reason }))
      .toSorted((a, b) => Number(b.isRed) - Number(a.isRed) || a.name.localeCompare(b.name)),
    history,
    acts: actsFor({ name, state: states.get(`${cluster}/${name}`), cost, history }),
    ...mayNotOf(seen.reader, owner),
    ...commitOf(seen.labels),
    people: [...(team?.members ?? []), ...catalog.operators.members].map(({ email }) => email),
  }
}

const mayNotOf = (reader: Seen['reader'], owner: string) => {
  const mayNot = whyNot(reader, owner)
  return mayNot === undefined ? {} : { mayNot }
}

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys */
const OCI = 'org.opencontainers.image.'

/** Text from outside: only an address of GitHub's or GitLab's kind becomes a link. */
function commitOf(labels: Seen['labels']): Pick<ServicePageView, 'commit'> {
  const revision = labels[`${OCI}revision`]
  if (revision === undefined || revision === '') return {}
  const source = labels[`${OCI}source`] ?? ''
  const built = labels[`${OCI}created`]
  const isLink = /^https:\/\/[\w.-]+\/[\w./-]+$/.test(source) && /^[0-9a-f]{7,64}$/.test(revision)
  return {
    commit: {
      revision,
      ...(isLink && { url: `${source.replace(/\.git$/, '')}/commit/${revision}` }),
      ...(built !== undefined && { built }),
    },
  }
}

function historyOf(records: readonly PushRecord[], name: string): VerdictView[] {
  const own = records.filter(({ service }) => service === name).slice(-LISTED)
  return own.toReversed().map(({ at, tag, digest, verdict, reason, asked, execution }) => ({
    ...{ at, tag, digest, reason, ...verdictOf(verdict) },
    ...(asked !== undefined && { by: asked.by }),
    ...(execution !== '' && { execution }),
  }))
}

/** When what runs was rolled out last, and who asked for it. */
function sinceOf(history: readonly VerdictView[], digest: string) {
  const found = history.find((one) => one.digest === digest && one.word === 'deployed')
  if (found === undefined) return {}
  return { since: found.at, by: found.by ?? 'a push' }
}

/** The three lights, each with the sentence behind it. */
function lightsOf(seen: Seen, service: ServiceReport): FactView[] {
  const [view] = servicesView({ ...seen, services: [service] })
  if (view === undefined) return []
  const lights = { 'As asked': view.asAsked, Healthy: view.healthy, Awake: view.awake }
  return Object.entries(lights).map(([name, { state, says, why }]) => ({
    name,
    // What the light's name says already is not said again.
    says: says === name ? why : `${says}: ${why}`,
    tone: TONES[state],
  }))
}

function factsOf(seen: Seen, { name, cluster }: ServiceReport, now: Date): FactView[] {
  const { sleep, teams } = seen
  const fact = (title: string, says: string): FactView => ({ name: title, says, tone: 'quiet' })
  const sleeper = sleep.sleepers.find(({ id }) => id === `service/${cluster}/${name}`)
  const named = sleeper?.schedule ?? ''
  const schedule = Object.hasOwn(sleep.schedules, named) ? sleep.schedules[named] : undefined
  const { calendars, timeZone } = sleep
  const next =
    schedule &&
    scheduled({ schedule: { name: named, ...schedule }, calendars, timeZone, overrides: [] }, now)
      .next
  return [
    ...(sleeper === undefined || sleeper.kept.why === ''
      ? []
      : [fact('State', `${sleeper.kept.rest} since ${sleeper.kept.since}: ${sleeper.kept.why}`)]),
    fact('Schedule', named === '' ? 'none: it does not sleep' : named),
    ...(next ? [fact('Next', `${STATES[next.state]} at ${next.at}: ${next.reason}`)] : []),
    ...circuitOf(seen, `${cluster}/${name}`),
    ...neighboursOf(teams.catalog, name),
  ]
}

const STATES: Readonly<Record<string, string>> = {
  running: 'awake',
  stopped: 'asleep',
  any: 'as it is',
}

function circuitOf({ teams }: Seen, id: string): FactView[] {
  const [, name = ''] = id.split('/')
  const entry = Object.hasOwn(teams.catalog.services, name)
    ? teams.catalog.services[name]
    : undefined
  if (entry?.circuit !== true) return []
  if (teams.catalog.features.health === 'off') {
    return [{ name: 'Circuit', says: 'not watched: features.health is off', tone: 'quiet' }]
  }
  const found = teams.circuits.get(id)
  if (found === undefined || found.state === 'closed') {
    return [{ name: 'Circuit', says: 'closed: its callers may call it', tone: 'good' }]
  }
  const { state, since, reason } = found
  return [{ name: 'Circuit', says: `${state} since ${since}: ${reason}`, tone: 'bad' }]
}

function neighboursOf({ services }: CompiledCatalog, name: string): FactView[] {
  const own = Object.hasOwn(services, name) ? services[name] : undefined
  if (own === undefined) return []
  const needs = [...own.dependsOn, ...(own.database ? [`a database (${own.database})`] : [])]
  const neededBy = Object.keys(services).filter((one) => services[one]?.dependsOn.includes(name))
  return [
    { name: 'Needs', says: needs.join(', ') || 'nothing', tone: 'quiet' },
    { name: 'Needed by', says: neededBy.join(', ') || 'nothing', tone: 'quiet' },
  ]
}
