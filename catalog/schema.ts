import type * as z from 'zod'
import type { environmentSchema } from './environment-schema.ts'
import type { NlbListener } from './nlb-schema.ts'
import type { Route } from './route-schema.ts'
import type { serviceSchema } from './service-schema.ts'

/** `environment.yaml` with its defaults. */
export type Environment = z.infer<typeof environmentSchema>

/** A service's file as it is written, with the defaults that depend on nothing else. */
export type WrittenService = z.infer<typeof serviceSchema>

/** A service with every default; see `complete.ts`. */
export type Service = Omit<WrittenService, 'database' | 'cache' | 'route' | 'nlb'> & {
  name: string
  database?: 'shared' | 'own' | undefined
  /** What its file says of a server of its own. */
  server?: DatabaseSettings | undefined
  cache: boolean
  route?: Route | undefined
  /** At least one, where its file says so. */
  nlb?: readonly NlbListener[] | undefined
  /** Variables in which it wants to find its data stores: by store, by name, what each holds. */
  as?: Partial<Record<'database' | 'cache', Readonly<Record<string, string>>>> | undefined
  /** The env file that a variable of `environment` comes from, for those that do. */
  fromFiles?: Readonly<Record<string, string>> | undefined
  cluster: Cluster
  deploy: string
  /** Where its pushes are; there are none for an image of somebody else. */
  repository: string
  spot: boolean
  order: number
}

/** The server of a database, as far as a file says. */
export type DatabaseSettings = Partial<
  Pick<Extract<NonNullable<WrittenService['database']>, object>, 'version' | 'size' | 'storage'>
>

export type Cluster = NonNullable<WrittenService['cluster']>
export type Kind = WrittenService['kind']

/** Everything the catalog says, services by name. */
export type Catalog = { environment: Environment; services: Service[] }
