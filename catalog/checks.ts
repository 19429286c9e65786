import { PolicyError, parsePolicy, tagValue } from '../functions/plan-roll-out/policy.ts'
import type { Document } from './document.ts'
import { type Problem, shown } from './problem.ts'
import type { Environment, Service } from './schema.ts'
import { SERVICE_NAME, serviceSchema } from './schema.ts'

/** A service with the file it came from. */
export type Entry = { service: Service; document: Document<unknown> }

type Check = (service: Service, document: Document<unknown>) => Problem[]

/** What one file alone cannot tell. Files with problems of their own are not among the entries. */
export function crossChecks(
  environment: Document<Environment>,
  entries: readonly Entry[],
): Problem[] {
  const checks: Check[] = [nameFits, policyReads, memoryFits]
  const known = environment.value
  if (known !== undefined) checks.push(teamKnown(known))
  return [
    ...(known === undefined ? [] : ownerKnown(environment, known)),
    ...entries.flatMap(({ service, document }) =>
      checks.flatMap((check) => check(service, document)),
    ),
    ...twice(entries, ['route', 'path'], ({ route }) => route?.path),
    ...twice(entries, ['route', 'priority'], ({ route }) => route?.priority),
  ]
}

const nameFits: Check = ({ name }, { problem }) => {
  if (SERVICE_NAME.safeParse(name).success) return []
  const allowed = `a file name of ${SERVICE_NAME.description}`
  return [problem([], { found: shown(`${name}.yaml`), allowed, remedy: 'rename the file' })]
}

const policyReads: Check = ({ deploy }, { problem }) => {
  try {
    tagValue(parsePolicy(deploy))
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const allowed = serviceSchema.shape.deploy.description ?? ''
    return [problem(['deploy'], { found: shown(deploy), allowed, remedy: 'change it' })]
  }
}

/**
 * Smallest and largest MiB of a Fargate task by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const FARGATE_MEMORY: Record<Service['cpu'], readonly [number, number]> = {
  256: [512, 2048],
  512: [1024, 4096],
  1024: [2048, 8192],
  2048: [4096, 16_384],
  4096: [8192, 30_720],
}

const memoryFits: Check = ({ cpu, memory }, { problem }) => {
  const [least, most] = FARGATE_MEMORY[cpu]
  // Only the smallest size has a half gibibyte.
  if (memory >= least && memory <= most && (memory === 512 || memory % 1024 === 0)) return []
  const allowed = `${least} to ${most} MiB in whole gibibytes with cpu ${cpu}`
  return [problem(['memory'], { found: String(memory), allowed, remedy: 'change memory or cpu' })]
}

const teamKnown =
  ({ teams }: Environment): Check =>
  ({ team }, { problem }) => {
    if (Object.hasOwn(teams, team)) return []
    const remedy = 'change it, or add the team to environment.yaml'
    return [
      problem(['team'], { found: shown(team), allowed: Object.keys(teams).join(', '), remedy }),
    ]
  }

function ownerKnown({ problem }: Document<Environment>, { owner, teams }: Environment): Problem[] {
  if (Object.hasOwn(teams, owner)) return []
  const allowed = Object.keys(teams).join(', ')
  return [
    problem(['owner'], { found: shown(owner), allowed, remedy: 'change it, or add the team' }),
  ]
}

/** Values that only one service may have; the later file is told. */
function twice(
  entries: readonly Entry[],
  path: readonly string[],
  valueIn: (service: Service) => string | number | undefined,
): Problem[] {
  const first = new Map<string | number, string>()
  return entries.flatMap(({ service, document }) => {
    const value = valueIn(service)
    if (value === undefined) return []
    const holder = first.get(value)
    if (holder === undefined) {
      first.set(value, document.file)
      return []
    }
    const allowed = `one that no other service has; ${holder} has this`
    return [document.problem(path, { found: shown(value), allowed, remedy: 'change one of them' })]
  })
}
