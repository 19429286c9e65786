import type { Grant } from './evaluate.ts'

/** Counts per role which grants allowed a call. */
export class Usage {
  readonly #used = new Map<string, Map<string, number>>()

  record(role: string, grants: readonly Grant[]): void {
    const counts = this.#used.get(role) ?? new Map<string, number>()
    this.#used.set(role, counts)
    for (const grant of grants) {
      const key = grantKey(grant)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }

  /** How often a role's grant was used. */
  count(role: string, grant: Grant): number {
    return this.#used.get(role)?.get(grantKey(grant)) ?? 0
  }
}

const grantKey = ({ policy, statement, action, resource }: Grant): string =>
  `${policy}/${statement}/${action}/${resource}`
