import type { Part } from '../draft.ts'
import { textOf } from '../tree.ts'
import { type Fact, linksOf } from './facts.ts'
import type { App, Plan } from './plan.ts'
import { escaped } from './ports.ts'

/** What a service calls by a name of the project, as far as its variables show. */
export type Calls = {
  database: Store | undefined
  cache: Store | undefined
  bucket: Store | undefined
  services: readonly { host: string; app: App }[]
}

/** A data store of the project with the values that its own variables give it. */
type Store = { fact: Fact; hosts: readonly string[]; user: string; password: string; name: string }

/** What a service may mean by a name: other services, whether it waits for them or not. */
export function callsOf(fact: Fact, { apps, facts }: Plan): Calls {
  const links = linksOf(fact)
  const hostsOf = (one: Fact) => [
    ...one.hosts,
    ...links.filter(([, service]) => service === one.name).map(([alias]) => alias),
  ]
  const values = [...fact.variables.values()].flatMap((one) => textOf(one) ?? [])
  const isUsed = (one: Fact) =>
    fact.waitsFor.has(one.name) ||
    links.some(([, service]) => service === one.name) ||
    values.some((value) => hostsOf(one).some((host) => isNamed(value, host)))
  const store = (as: string): Store | undefined => {
    const found = [...facts.all.values()].find((one) => one.stands?.as === as && isUsed(one))
    return found && { fact: found, hosts: hostsOf(found), ...accountOf(found) }
  }
  return {
    database: store('database'),
    cache: store('cache'),
    bucket: store('bucket'),
    services: [...apps.values()]
      .filter((app) => app.fact !== fact)
      .flatMap((app) => hostsOf(app.fact).map((host) => ({ host, app }))),
  }
}

/** Whether a value names a host: alone, or in an address. */
const isNamed = (value: string, host: string): boolean =>
  new RegExp(`(^|[/@,=\\s])${escaped(host)}($|[:/,\\s?])`).test(value)

function accountOf({ variables }: Fact): Pick<Store, 'user' | 'password' | 'name'> {
  const value = (...names: string[]) =>
    names.map((name) => textOf(variables.get(name))).find((one) => one !== undefined)
  const user = value('POSTGRES_USER', 'POSTGRESQL_USERNAME', 'MINIO_ROOT_USER') ?? 'postgres'
  const password =
    value('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD', 'REDIS_PASSWORD', 'MINIO_ROOT_PASSWORD') ?? ''
  return { user, password, name: value('POSTGRES_DB', 'POSTGRESQL_DATABASE') ?? user }
}

/**
 * A value in whose place of a name of the project stands what is so here.
 *
 * @param namespace the environment's: `orders` is `orders.dev.internal`.
 */
export function partsOf(name: string, value: string, calls: Calls, namespace: string): Part[] {
  return (
    (calls.database && databaseParts(name, value, calls.database)) ??
    (calls.cache && cacheParts(name, value, calls.cache)) ??
    (calls.bucket !== undefined && /BUCKET/.test(name.toUpperCase())
      ? [{ store: 'bucket' }]
      : [withHosts(name, value, calls, namespace)])
  )
}

const [HOST, PORT, USER, PASSWORD, DATABASE] = ['host', 'port', 'username', 'password', 'name'].map(
  (part) => ({ store: 'database', part }),
) as [Part, Part, Part, Part, Part]

function databaseParts(name: string, value: string, store: Store): Part[] | undefined {
  for (const host of store.hosts) {
    if (value === host) return [HOST]
    if (new RegExp(`^${escaped(host)}:\\d+$`).test(value)) return [HOST, ':', PORT]
    const url = new RegExp(
      `^([a-z][\\w+.:-]*://)(?:([^@/]*)@)?${escaped(host)}(?::\\d+)?(?:/([^?]*))?(\\?.*)?$`,
      'i',
    ).exec(value)
    if (url !== null) {
      const [, scheme = '', account, database, query = ''] = url
      return [
        scheme,
        ...(account === undefined ? [] : [USER, ':', PASSWORD, '@']),
        ...[HOST, ':', PORT],
        ...(database === undefined ? [] : ['/', DATABASE]),
        query.replace(/([?&]sslmode=)(disable|allow|prefer)/, '$1require'),
      ].filter((part) => part !== '')
    }
    if (new RegExp(`\\bhost=${escaped(host)}\\b`, 'i').test(value)) return words(value)
  }
  const plain = name.toUpperCase()
  if (!/(DB|DATABASE|DATASOURCE|PG|POSTGRES)/.test(plain)) return undefined
  if (/PORT$/.test(plain) && value === '5432') return [PORT]
  if (/USER(NAME)?$/.test(plain) && value === store.user) return [USER]
  if (/PASS(WORD|WD)?$/.test(plain)) return [PASSWORD]
  return /(NAME|DATABASE|DB)$/.test(plain) && value === store.name ? [DATABASE] : undefined
}

/** `host=db user=app password=x dbname=shop`, as libpq and Go write it. */
function words(value: string): Part[] {
  const names: Readonly<Record<string, Part>> = {
    ...{ host: HOST, port: PORT, user: USER, username: USER, password: PASSWORD },
    ...{ dbname: DATABASE, database: DATABASE, sslmode: 'require' },
  }
  return value
    .split(/\s+/)
    .flatMap((word, index): Part[] => {
      const [key = '', ...rest] = word.split('=')
      const known = names[key.toLowerCase()]
      const before = index === 0 ? '' : ' '
      return known === undefined
        ? [`${before}${[key, ...rest].join('=')}`]
        : [`${before}${key}=`, known]
    })
    .filter((part) => part !== '')
}

function cacheParts(name: string, value: string, store: Store): Part[] | undefined {
  const [host, port, password] = [
    { store: 'cache', part: 'host' } as const,
    { store: 'cache', part: 'port' } as const,
    { store: 'cache', part: 'password' } as const,
  ]
  for (const one of store.hosts) {
    if (value === one) return [host]
    if (new RegExp(`^${escaped(one)}:\\d+$`).test(value)) return [host, ':', port]
    const url = new RegExp(
      `^(?:rediss?|valkeys?)://(?:[^@/]*@)?${escaped(one)}(?::\\d+)?(/.*)?$`,
    ).exec(value)
    if (url !== null) {
      return ['rediss://:', password, '@', host, ':', port, url[1] ?? ''].filter(
        (part) => part !== '',
      )
    }
  }
  const plain = name.toUpperCase()
  if (!/(REDIS|CACHE|VALKEY)/.test(plain)) return undefined
  if (/PORT$/.test(plain) && value === '6379') return [port]
  return /PASS(WORD)?$/.test(plain) && value !== '' && value === store.password
    ? [password]
    : undefined
}

/** Names of variables whose whole value may be a host. */
const IS_HOST = /(HOST|ADDR|ADDRESS|SERVER|SERVICE|UPSTREAM|ENDPOINT|URL|URI)S?$/

function withHosts(name: string, value: string, { services }: Calls, namespace: string): string {
  return services.reduce((so, { host, app }) => {
    const full = `${app.draft.name}.${namespace}`
    if (so === host) return IS_HOST.test(name.toUpperCase()) ? full : so
    const inside = new RegExp(`(^|//|@|,)${escaped(host)}(?=:\\d|/|,|$)`, 'g')
    // Without a port or a scheme, `api/` is a path and `a,api` a list of words.
    if (!/:\/\/|:\d/.test(so)) return so
    return so.replaceAll(inside, (_, lead: string) => `${lead}${full}`)
  }, value)
}

/** Whether a variable is about a bucket of one's own machine: where it is, or with which key. */
export const isOfBucket = (value: string, { bucket }: Calls): boolean =>
  bucket !== undefined &&
  (bucket.hosts.some((host) => isNamed(value, host)) ||
    [bucket.user, bucket.password, 'minioadmin'].includes(value))

/** A service of the project that a value names, and that nothing here replaces. */
export const lostIn = (value: string, { facts }: Plan): string | undefined =>
  [...facts.all.values()].find(
    ({ stands, hosts }) => stands?.as === 'nothing' && hosts.some((host) => isNamed(value, host)),
  )?.name

/** Whether a value names the machine of whoever wrote it. */
export const namesThisMachine = (value: string): boolean =>
  /(^|\/\/|@)(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?=[:/]|$)/.test(value) &&
  !value.startsWith('0.0.0.0')
