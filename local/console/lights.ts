import { shortDigest } from '../../domain/image.ts'
import { sayUsd } from '../../domain/ledger/say.ts'
import type { PushRecord } from '../views/kept.ts'
import type { ServiceReport } from '../views/services.ts'
import type { Seen } from './source.ts'
import { hourOf } from './teams/services.ts'
import type { Light, ServiceView } from './view.ts'
import { verdictOf } from './words.ts'

/** Every service with its three lights, each with the sentence that says why. */
export function servicesView({ services, records, alarms, sleep }: Seen): ServiceView[] {
  return services.map((service) => {
    const own = records.filter((record) => record.service === service.name)
    const red = alarms.filter((alarm) => alarm.isRed && alarm.service === service.name)
    const [newest] = own.slice(-1)
    const hour = hourOf(service, sleep)
    return {
      ...serviceView(service, own),
      ...(newest !== undefined && { changedAt: newest.endedAt ?? newest.at }),
      ...(hour !== undefined && { day: { usd: hour * 24, says: sayUsd(hour * 24) } }),
      alarms: red.map(({ name, reason: why }) => ({ name, why })),
    }
  })
}

function serviceView(
  service: ServiceReport,
  records: readonly PushRecord[],
): Omit<ServiceView, 'alarms'> {
  const rolling = records.findLast(({ verdict }) => verdict === 'rolling-out')
  const { name, cluster, owner, repositories, deploy, running, desired } = service
  return {
    name,
    cluster,
    owner,
    repositories,
    takes: deploy,
    running: running === null ? null : { digest: running.digest, tag: running.tag },
    tasks: { running: running?.count ?? 0, desired },
    asAsked: rolling === undefined ? asAsked(service, records) : rollingOut(rolling),
    healthy: healthy(service, rolling),
    awake: awake(service, records),
  }
}

const rollingOut = ({ tag, digest }: PushRecord): Light => ({
  state: 'changing',
  says: 'Rolling out',
  why: `${tag} (${shortDigest(digest)}) is being rolled out`,
})

/** When it is not as asked, the last verdict of what was asked for says why. */
function asAsked(
  { asAsked, running, deploy }: ServiceReport,
  records: readonly PushRecord[],
): Light {
  if (asAsked && running !== null) {
    if (deploy === 'off') return OFF
    const by = byHand(records, running.digest)
    if (by !== undefined) {
      const why = `${by} asked for what runs; the next push that "${deploy}" takes ends that`
      return { state: 'yes', says: 'By hand', why }
    }
    return { state: 'yes', says: 'As asked', why: `It runs what "${deploy}" asks for` }
  }
  const ran = records.findLast(({ verdict }) => verdict === 'deployed' || verdict === 'staged')
  if (asAsked && ran !== undefined) {
    const why = `It wakes with ${ran.tag} (${shortDigest(ran.digest)})`
    return { state: 'resting', says: 'At wake', why }
  }
  if (asAsked && deploy === 'off') return OFF
  if (asAsked) return { state: 'unknown', says: 'No image', why: 'Nothing was pushed for it yet' }
  const last = records.findLast(({ verdict }) => verdictOf(verdict).tone !== 'quiet')
  if (last === undefined || verdictOf(last.verdict).tone === 'good') {
    return { state: 'no', says: 'Not as asked', why: 'Its tag names another image' }
  }
  const { word, tone } = verdictOf(last.verdict)
  const says = `${word.charAt(0).toUpperCase()}${word.slice(1)}`
  const state = tone === 'held' ? 'held' : 'no'
  return { state, says, why: `${last.tag} (${shortDigest(last.digest)}): ${last.reason}` }
}

/** Who asked for what runs, where the last push was another image. */
function byHand(records: readonly PushRecord[], digest: string): string | undefined {
  const pushed = records.findLast(({ asked }) => asked === undefined)
  if (pushed === undefined || pushed.digest === digest) return undefined
  return records.findLast((one) => one.digest === digest && one.verdict === 'deployed')?.asked?.by
}

/** Whatever is pushed: it says nothing about what runs. */
const OFF: Light = {
  state: 'unknown',
  says: 'By hand',
  why: 'It takes no pushes: caretaker:deploy is off',
}

function healthy({ healthy, running, desired, awake }: ServiceReport, rolling?: PushRecord): Light {
  const count = running?.count ?? 0
  if (!awake || (running === null && rolling === undefined)) {
    return { state: 'unknown', says: 'No tasks', why: 'Nothing of it runs' }
  }
  const why = `${count} of ${desired} tasks run`
  if (healthy) return { state: 'yes', says: 'Healthy', why }
  return rolling === undefined
    ? { state: 'no', says: 'Unhealthy', why }
    : { state: 'changing', says: 'Starting', why }
}

function awake({ awake }: ServiceReport, records: readonly PushRecord[]): Light {
  if (awake) return { state: 'yes', says: 'Awake', why: 'It is meant to run' }
  const neverRan = !records.some(({ verdict }) => verdict === 'deployed')
  return neverRan
    ? { state: 'unknown', says: 'At zero', why: 'It starts with the first good image' }
    : { state: 'resting', says: 'Asleep', why: 'No tasks are wanted' }
}
