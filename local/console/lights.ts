import { shortDigest } from '../../domain/image.ts'
import type { PushRecord } from '../views/records.ts'
import type { ServiceReport } from '../views/services.ts'
import type { Seen } from './source.ts'
import type { Light, ServiceView } from './view.ts'
import { verdictOf } from './words.ts'

/** Every service with its three lights, each with the sentence that says why. */
export function servicesView({ services, records, alarms }: Seen): ServiceView[] {
  return services.map((service) => {
    const own = records.filter((record) => record.service === service.name)
    const red = alarms.filter((alarm) => alarm.isRed && alarm.service === service.name)
    return {
      ...serviceView(service, own),
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
    return { state: 'yes', says: 'As asked', why: `It runs what "${deploy}" asks for` }
  }
  const ran = records.findLast(({ verdict }) => verdict === 'deployed' || verdict === 'staged')
  if (asAsked && ran !== undefined) {
    const why = `It wakes with ${ran.tag} (${shortDigest(ran.digest)})`
    return { state: 'resting', says: 'At wake', why }
  }
  if (asAsked) return { state: 'unknown', says: 'No image', why: 'Nothing was pushed for it yet' }
  const last = records.findLast(({ verdict }) => verdictOf(verdict).tone !== 'quiet')
  if (last === undefined || verdictOf(last.verdict).tone === 'good') {
    return { state: 'no', says: 'Not as asked', why: 'Its tag names another image' }
  }
  const { word } = verdictOf(last.verdict)
  const says = `${word.charAt(0).toUpperCase()}${word.slice(1)}`
  return { state: 'no', says, why: `${last.tag} (${shortDigest(last.digest)}): ${last.reason}` }
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
