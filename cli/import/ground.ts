import type { Service } from '../../catalog/schema.ts'

/** The catalog that the files will be in, as far as they depend on it. */
export type Ground = {
  namespace: string
  repositoryPrefix: string
  /** Whose the services are. */
  team: string
  /** Of the environment, in which schedules are read. */
  timeZone: string
  /** Services that are there already. */
  standing: readonly Service[]
  /** Whether the environment has a domain, below which services may have hosts. */
  domain: string | undefined
}
