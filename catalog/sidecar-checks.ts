import type { Check } from './check.ts'
import type { Document } from './document.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'
import type { Service } from './schema.ts'
import { secretsOf } from './secrets.ts'
import type { WrittenSidecar } from './sidecar-schema.ts'

type Words = Parameters<Document<unknown>['problem']>[1]
type Wrong = { at: string[] } & Words

/** The collector of `tracing` has this name, and the service's own container the service's. */
const COLLECTOR = 'collector'

const sidecarsFit: Check = (service, { problem }) =>
  Object.entries(service.sidecars).flatMap(([name, sidecar]) =>
    [
      nameIsFree(name, service),
      essentialFits(sidecar),
      oneDirection(sidecar),
      healthIsChecked(sidecar, service),
      ...secretsAreThere(sidecar, service),
      ...mountsAreThere(sidecar, service),
    ].flatMap((wrong) => {
      if (wrong === undefined) return []
      const { at, ...words } = wrong
      return [problem(['sidecars', name, ...at], words)]
    }),
  )

function nameIsFree(name: string, service: Service): Wrong | undefined {
  if (name !== service.name && !(service.tracing && name === COLLECTOR)) return undefined
  const allowed = 'a name that no other container of the task has'
  return { at: [], found: shown(name), allowed, remedy: 'rename it' }
}

/** ECS refuses an essential container that others wait for until it has ended. */
function essentialFits({ before, essential }: WrittenSidecar): Wrong | undefined {
  if (before !== 'done' || essential !== true) return undefined
  const allowed = 'false for what ends before the service begins'
  return { at: ['essential'], found: 'true', allowed, remedy: 'remove it' }
}

function oneDirection({ before, after }: WrittenSidecar): Wrong | undefined {
  if (before === undefined || after === undefined) return undefined
  const allowed = 'either before or after: each would wait for the other'
  return { at: ['after'], found: shown(after), allowed, remedy: 'remove one of them' }
}

/** ECS refuses to wait for the health of a container that nothing checks. */
function healthIsChecked(sidecar: WrittenSidecar, service: Service): Wrong | undefined {
  const remedy = 'add healthCommand, or write started'
  if (sidecar.before === 'healthy' && sidecar.healthCommand === undefined) {
    const allowed = 'healthy only with a healthCommand of this container'
    return { at: ['before'], found: '"healthy"', allowed, remedy }
  }
  if (sidecar.after !== 'healthy' || service.healthCommand !== undefined) return undefined
  const allowed = 'healthy only with a healthCommand of the service'
  return { at: ['after'], found: '"healthy"', allowed, remedy }
}

function secretsAreThere({ secrets, image }: WrittenSidecar, service: Service): Wrong[] {
  const known = secretsOf(service).map(({ name }) => name)
  return secrets.flatMap((name, index) => {
    const at = ['secrets', index] as unknown as string[]
    if (image === undefined) {
      const allowed = 'nothing: with the service’s own image it has all of its secrets'
      return [{ at, found: shown(name), allowed, remedy: 'remove it' }]
    }
    if (known.includes(name)) return []
    const allowed = known.join(', ') || 'nothing: the service has no secrets'
    const remedy = didYouMean(name, known, 'change it, or add it to the secrets of the service')
    return [{ at, found: shown(name), allowed, remedy }]
  })
}

function mountsAreThere({ mounts }: WrittenSidecar, service: Service): Wrong[] {
  const known = [...(service.files === undefined ? [] : ['files']), ...Object.keys(service.mounts)]
  return Object.keys(mounts).flatMap((name) => {
    if (known.includes(name)) return []
    const allowed = known.join(', ') || 'nothing: the service has neither files nor mounts'
    const remedy = didYouMean(name, known, 'change it, or add it to the mounts of the service')
    return [{ at: ['mounts', name], found: shown(name), allowed, remedy }]
  })
}

/** Containers of a task share one network: a port has one owner. */
const portsAreFree: Check = ({ port, ports, sidecars, tracing }, { problem }) => {
  const taken = new Map<number, string>([
    ...[port ?? [], ports].flat().map((one) => [one, 'the service'] as const),
    ...(tracing ? [4317, 4318].map((one) => [one, 'the collector of tracing'] as const) : []),
  ])
  const twice = ports.findIndex((one, index) => one === port || ports.indexOf(one) < index)
  const allowed = 'each port once, and none that port has'
  const again = { found: String(ports[twice]), allowed, remedy: 'remove it' }
  if (twice >= 0) return [problem(['ports', twice], again)]
  return Object.entries(sidecars).flatMap(([name, { port: own }]) => {
    if (own === undefined) return []
    const holder = taken.get(own)
    taken.set(own, name)
    if (holder === undefined) return []
    const allowed = `a port that no other container of the task has; ${holder} has this`
    return [
      problem(['sidecars', name, 'port'], { found: String(own), allowed, remedy: 'change it' }),
    ]
  })
}

/** What is left of the task's memory is the service's own container's. */
const memorySuffices: Check = ({ memory, sidecars }, { problem }) => {
  const limits = Object.values(sidecars).flatMap((one) => one.memory ?? [])
  const sum = limits.reduce((all, one) => all + one, 0)
  if (sum < memory) return []
  const allowed = `less in all sidecars than the task has, ${memory} MiB`
  const remedy = 'lower one, or raise memory'
  return [problem(['sidecars'], { found: `${sum} MiB`, allowed, remedy })]
}

/** The load balancer asks a container of the task, at a port that it listens on. */
const routeHasContainer: Check = ({ route, sidecars }, { problem }) => {
  if (route?.container === undefined) return []
  const listening = Object.keys(sidecars).filter((name) => sidecars[name]?.port !== undefined)
  if (listening.includes(route.container)) return []
  const found = shown(route.container)
  const allowed = listening.join(', ') || 'nothing: no sidecar has a port'
  const remedy = didYouMean(route.container, listening, 'change it, or give the sidecar a port')
  return [problem(['route', 'container'], { found, allowed, remedy })]
}

export const sidecarChecks: readonly Check[] = [
  sidecarsFit,
  portsAreFree,
  memorySuffices,
  routeHasContainer,
]
