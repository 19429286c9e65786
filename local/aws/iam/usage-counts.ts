import type { Grant } from './evaluate.ts'

/** Counts per role how often each grant allowed a call. */
export class Usage {
  readonly #counts = new Map<string, Map<string, number>>()
  /** Called when a grant is used for the first time. */
  onFirstUse: (role: string, grant: Grant) => void = () => {}

  record(role: string, grants: readonly Grant[]): void {
    const counts = this.#counts.get(role) ?? new Map<string, number>()
    this.#counts.set(role, counts)
    for (const grant of grants) {
      const place = placeOf(grant)
      const count = counts.get(place) ?? 0
      counts.set(place, count + 1)
      if (count === 0) this.onFirstUse(role, grant)
    }
  }

  count(role: string, grant: Grant): number {
    return this.#counts.get(role)?.get(placeOf(grant)) ?? 0
  }
}

const places = new WeakMap<Grant, string>()

/** `policy[3] action 0 on resource 1` */
export function placeOf(grant: Grant): string {
  let place = places.get(grant)
  if (place === undefined) {
    const { policy, statement, action, resource } = grant
    place = `${policy}[${statement}] action ${action} on resource ${resource}`
    places.set(grant, place)
  }
  return place
}
