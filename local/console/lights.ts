import type { PushRecord } from '../records.ts'
import type { ServiceState } from '../state.ts'
import type { Source } from './source.ts'
import type { Light, ServiceView } from './view.ts'
import { short } from './words.ts'

/** Every service with its three lights, each with the sentence that says why. */
export async function servicesView(source: Source): Promise<ServiceView[]> {
  const records = source.records()
  return (await source.services()).map((service) => {
    const rolling = records.findLast(
      (record) => record.service === service.name && record.verdict === 'rolling-out',
    )
    return serviceView(service, rolling)
  })
}

function serviceView(service: ServiceState, rolling: PushRecord | undefined): ServiceView {
  const { name, cluster, owner, repositories, deploy, running, desired } = service
  return {
    name,
    cluster,
    owner,
    repositories,
    takes: deploy,
    running: running === null ? null : { digest: running.digest, tag: running.tag },
    tasks: { running: running?.count ?? 0, desired },
    asAsked: asAsked(service, rolling),
    healthy: healthy(service, rolling),
    awake: service.awake
      ? { state: 'yes', says: 'Awake' }
      : { state: 'unknown', says: desired === 0 && running === null ? 'Not started' : 'Asleep' },
  }
}

function asAsked({ asAsked, running }: ServiceState, rolling?: PushRecord): Light {
  if (rolling !== undefined) {
    return { state: 'changing', says: `Rolling out ${rolling.tag} (${short(rolling.digest)})` }
  }
  if (running === null && asAsked) return { state: 'unknown', says: 'Nothing pushed yet' }
  return asAsked ? { state: 'yes', says: 'As asked' } : { state: 'no', says: 'Not as asked' }
}

function healthy({ healthy, running, desired, awake }: ServiceState, rolling?: PushRecord): Light {
  const count = running?.count ?? 0
  if (!awake || (running === null && rolling === undefined)) {
    return { state: 'unknown', says: 'Nothing runs' }
  }
  if (healthy) return { state: 'yes', says: 'Healthy' }
  const tally = `${count} of ${desired} healthy`
  return rolling === undefined ? { state: 'no', says: tally } : { state: 'changing', says: tally }
}
