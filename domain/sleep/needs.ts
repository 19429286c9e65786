import { NO_IMAGE, type Seen } from './resource.ts'

/** What a service of the catalog needs: other services by name, and whose database it uses. */
export type Uses = { dependsOn: readonly string[]; database?: 'shared' | 'own' | undefined }

/** For each resource, the ids of all that it needs, directly or not. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>

const KEEPS_DATA = ['database', 'cluster']

/**
 * What each resource needs, as far as anything says so: the data stores that carry its service's
 * name, the shared ones if its service uses them, the services it depends on, and the way out.
 * Whoever is in no catalog has only its order. Nobody needs a service to which no image was deployed
 * yet: nothing has ever answered there, and nothing would come up.
 *
 * @param uses by the service's name.
 */
export function needsOf(seen: readonly Seen[], uses: Readonly<Record<string, Uses>>): Needs {
  const stores = seen.filter(({ kind }) => KEEPS_DATA.includes(kind))
  const ways = seen.filter(({ wayOut }) => wayOut === true)
  const services = seen.filter(({ kind }) => kind === 'service')
  const deployed = services.filter(({ refuses }) => refuses !== NO_IMAGE)
  const direct = new Map(
    services.map((one) => {
      const { service } = one
      const own = service !== undefined && Object.hasOwn(uses, service) ? uses[service] : undefined
      const needed = [
        ...ways,
        ...stores.filter((store) =>
          store.service === undefined ? own?.database === 'shared' : store.service === service,
        ),
        ...deployed.filter(
          (other) => other.service !== undefined && own?.dependsOn.includes(other.service),
        ),
      ]
      return [one.id, needed.map(({ id }) => id)]
    }),
  )
  return new Map(seen.map(({ id }) => [id, reached(id, direct)]))
}

/** A circle ends where it began. */
function reached(id: string, direct: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>()
  const open = [...(direct.get(id) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id || found.has(next)) continue
    found.add(next)
    open.push(...(direct.get(next) ?? []))
  }
  return found
}

/** For each resource, the ids of all that need it. */
export function usersOf(needs: Needs): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>([...needs.keys()].map((id) => [id, new Set()]))
  for (const [id, needed] of needs) for (const other of needed) users.get(other)?.add(id)
  return users
}
