import { PolicyError, parsePolicy, tagValue } from '../domain/deploy-policy.ts'
import { isKeptName, KEPT_PREFIX } from '../domain/kept-name.ts'
import type { Check } from './check.ts'
import { connectionsOf } from './connections.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'
import type { Service } from './schema.ts'
import { secretsOf } from './secrets.ts'
import { serviceSchema } from './service-schema.ts'
import { isReserved, variablesOf } from './variables.ts'
import { SERVICE_NAME } from './words.ts'

const nameFits: Check = ({ name }, { problem }) => {
  if (SERVICE_NAME.safeParse(name).success) return []
  const allowed = `a file name of ${SERVICE_NAME.description}`
  return [problem([], { found: shown(`${name}.yaml`), allowed, remedy: 'rename the file' })]
}

/** Roles, logs and tasks around a database are called after its service, with this at the end. */
const RESERVED_SUFFIX = '-database'

/** Alarms and dashboards of these are called `<environment>-<name>`, as those of a service are. */
const RESERVED = [
  'cache',
  'database',
  'environment',
  'plan-roll-out',
  'roll-out',
  'tell-slack',
  'watch-deployment',
]

/** Whether no part of the environment has the name. */
export const isNameFree = (name: string): boolean =>
  !name.endsWith(RESERVED_SUFFIX) && !RESERVED.includes(name)

const nameIsFree: Check = ({ name }, { problem }) => {
  if (isNameFree(name)) return []
  const allowed = name.endsWith(RESERVED_SUFFIX)
    ? `a file name without ${RESERVED_SUFFIX} at its end`
    : 'a file name that no part of the environment has'
  return [problem([], { found: shown(`${name}.yaml`), allowed, remedy: 'rename the file' })]
}

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const LONGEST_TAG = 256

const policyReads: Check = ({ deploy }, { problem }) => {
  const allowed = serviceSchema.shape.deploy.description ?? ''
  const no = { found: shown(deploy), allowed, remedy: 'change it' }
  if (isKeptName(deploy.replace(/^(glob|number):\s*/, ''))) {
    const other = `another tag: Caretaker gives ${KEPT_PREFIX}… to the images that run`
    return [problem(['deploy'], { ...no, allowed: other })]
  }
  try {
    if (tagValue(parsePolicy(deploy)).length <= LONGEST_TAG) return []
    const short = `up to ${LONGEST_TAG} characters, as many as a tag can hold`
    return [problem(['deploy'], { ...no, allowed: short, remedy: 'shorten it' })]
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return [problem(['deploy'], no)]
  }
}

/**
 * Smallest and largest MiB of a Fargate task by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const FARGATE_MEMORY: Record<
  Service['cpu'],
  readonly [least: number, most: number, step?: number]
> = {
  256: [512, 2048],
  512: [1024, 4096],
  1024: [2048, 8192],
  2048: [4096, 16_384],
  4096: [8192, 30_720],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
}

const memoryFits: Check = ({ cpu, memory }, { problem }) => {
  const [least, most, step = 1024] = FARGATE_MEMORY[cpu]
  // Only the smallest size has a half gibibyte.
  if (memory >= least && memory <= most && (memory === 512 || memory % step === 0)) return []
  const steps = step === 1024 ? 'whole gibibytes' : `steps of ${step}`
  const allowed = `${least} to ${most} MiB in ${steps} with cpu ${cpu}`
  return [problem(['memory'], { found: String(memory), allowed, remedy: 'change memory or cpu' })]
}

const scalesUpwards: Check = ({ count, scaling }, { problem }) => {
  if (scaling === undefined) return []
  const { min, max } = scaling
  if (max <= min) {
    const remedy = 'raise it, or remove scaling'
    return [
      problem(['scaling', 'max'], { found: String(max), allowed: `more than min, ${min}`, remedy }),
    ]
  }
  if (count <= max) return []
  const allowed = `up to scaling.max, ${max}`
  return [problem(['count'], { found: String(count), allowed, remedy: 'change one of them' })]
}

/**
 * A task definition may have 64 KiB, and everything else in it needs some.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
const MOST_VARIABLES = 32_768

const variablesFit: Check = ({ environment }, { problem }) => {
  const size = JSON.stringify(environment).length
  if (size <= MOST_VARIABLES) return []
  const allowed = `up to ${MOST_VARIABLES} in all`
  const remedy = 'put large values into a file of the image or into the bucket'
  return [problem(['environment'], { found: `${size} characters`, allowed, remedy })]
}

const variablesAreFree: Check = (service, { problem }) => {
  const { environment } = service
  const allowed = 'a name that nothing else sets'
  const seen = new Set<string>()
  const names = [
    ...Object.keys(environment).map((name) => ({ name, path: ['environment', name] })),
    ...secretsOf(service),
    ...connectionsOf(service).map(({ store, name }) => ({ name, path: [store, 'as', name] })),
    ...Object.keys(service.aliases).map((name) => ({ name, path: ['aliases', name] })),
  ]
  return names.flatMap(({ name, path }) => {
    const taken = seen.has(name) || isReserved(name, service)
    seen.add(name)
    if (!taken) return []
    const remedy = isReserved(name, service)
      ? 'rename it; the catalog sets this one itself'
      : 'remove it in one place'
    return [problem(path, { found: shown(name), allowed, remedy })]
  })
}

const aliasesAreOfSomething: Check = (service, { problem }) => {
  const known = variablesOf(service)
  return Object.entries(service.aliases).flatMap(([alias, of]) => {
    if (known.includes(of)) return []
    const allowed = `a variable that it has: ${known.join(', ')}`
    const remedy = didYouMean(of, known, 'change it, or ask for what brings it')
    return [problem(['aliases', alias], { found: shown(of), allowed, remedy })]
  })
}

/** https://www.postgresql.org/docs/17/sql-createrole.html: names that PostgreSQL and RDS keep. */
const databaseNameIsFree: Check = ({ name, database }, { problem }) => {
  if (database === undefined || !/^(pg-.*|rds.*|postgres|template[01])$/.test(name)) return []
  const allowed = 'a database for services not called postgres, template0, pg-… or rds…'
  return [problem(['database'], { found: shown(name), allowed, remedy: 'rename the file' })]
}

/** Whether the values of one file fit each other and AWS. */
export const valueChecks: readonly Check[] = [
  nameFits,
  nameIsFree,
  policyReads,
  memoryFits,
  scalesUpwards,
  variablesFit,
  variablesAreFree,
  aliasesAreOfSomething,
  databaseNameIsFree,
]
