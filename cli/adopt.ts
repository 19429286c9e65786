import { compileCatalog } from '../catalog/compile.ts'
import { readCatalog } from '../catalog/read.ts'
import { aheadOf } from '../domain/adopt/ahead.ts'
import { checkPolicy } from '../domain/adopt/follow.ts'
import type { Choice, Found } from '../domain/adopt/found.ts'
import { cureFor } from '../domain/adopt/owners.ts'
import { type Plan, planOf } from '../domain/adopt/plan.ts'
import { destroyedBy } from '../domain/adopt/stacks.ts'
import { passableRoles } from '../domain/pass-roles.ts'
import { ALWAYS_ON, WHEN_NEEDED } from '../domain/schedule/written.ts'
import type { Kind } from '../domain/sleep/resource.ts'
import { inputOf } from '../functions/shared/sleep/edges.ts'
import { applyPlan } from './adopt/apply.ts'
import { type Clients, clientsOf } from './adopt/clients.ts'
import { look } from './adopt/look.ts'
import { type Said, sayAccount, sayNext, sayUndoing } from './adopt/say.ts'
import { undo } from './adopt/undo.ts'
import { explained } from './asking/configuration.ts'
import { type Place, type PlaceOptions, placeOf } from './asking/place.ts'
import { oneOf } from './hands/catalog.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

type Options = Omit<PlaceOptions, 'administers'> & {
  service?: string[] | undefined
  cluster?: string[] | undefined
  only?: string[] | undefined
  deploy?: string | undefined
  schedule?: string | undefined
  owner?: string | undefined
  apply?: string | true | undefined
  undo?: boolean | undefined
  dryRun?: boolean | undefined
  json?: boolean | undefined
}

const KIND_WORDS: Readonly<Record<string, Kind>> = {
  services: 'service',
  instances: 'instance',
  databases: 'database',
  clusters: 'cluster',
  groups: 'group',
}

/**
 * Lists what an account holds, how it came to be, and the tags by which Caretaker would look after
 * it. Changes nothing without `--apply` and the digest of what was printed.
 *
 * @returns 0; 1 where the account has changed since, or something was left.
 * @throws UsageError, Problem before anything was changed.
 */
export async function adopt(options: Options, terminal: Terminal): Promise<number> {
  if (options.apply === true) {
    throw new UsageError(
      '--apply: found no digest, allowed: the one that `caretaker adopt` prints below its list',
    )
  }
  if (options.apply !== undefined && options.undo) {
    throw new UsageError('--undo: found --apply beside it, allowed: one of the two')
  }
  if (options.dryRun && !options.undo) {
    throw new UsageError('--dry-run is for --undo; without --apply nothing is changed anyway')
  }
  const place = await placeOf({ ...options, administers: true }, terminal)
  const catalog = readCatalog(options.catalog)
  const choice = choiceOf(options, place, catalog.environment)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  try {
    const clients = await clientsOf(place)
    if (options.undo) return await takeBack(clients, options, terminal)
    const { assessments, copilot } = await look(clients, choice, chosenBy(options), place.now)
    if (assessments.length === 0) noneOf(options)
    const compiled = compileCatalog(catalog)
    const said = assessments.map((one) => ({
      ...one,
      ahead: aheadOf(one, compiled, (name) => inputOf(compiled, name), place.now),
    }))
    const plan = planOf(assessments)
    const isApplied = options.apply !== undefined && options.apply === plan.digest
    if (isApplied) await applyPlan(clients, plan, assessments, { terminal, now: place.now })
    const where = `The account ${clients.identity.account}, ${place.region}`
    const answer = { where, said, copilot, plan, isApplied }
    if (options.json) terminal.out(JSON.stringify(documentOf(clients, answer), undefined, 2))
    else print(answer, options, terminal)
    return options.apply === undefined || isApplied ? 0 : 1
  } catch (error) {
    throw explained(error, place)
  }
}

type Answer = {
  where: string
  said: Said[]
  copilot: Parameters<typeof sayAccount>[2]
  plan: Plan
  isApplied: boolean
}

function print(
  { where, said, copilot, plan, isApplied }: Answer,
  options: Options,
  terminal: Terminal,
): void {
  if (isApplied) {
    const { length } = plan.changes
    terminal.say(
      `Done: ${length} ${length === 1 ? 'resource carries' : 'resources carry'} the tags of plan ${plan.digest}. Taken back by: \`caretaker adopt --undo\``,
    )
    return
  }
  for (const line of sayAccount(where, said, copilot)) terminal.say(line)
  if (options.apply !== undefined) {
    terminal.tell(
      `Nothing was done: the account is not as it was when plan ${options.apply} was printed. Above is what it is now.`,
    )
  }
  terminal.say(`\n${sayNext(plan, wordsOf(options))}`)
}

function documentOf({ identity, region }: Clients, { said, copilot, plan, isApplied }: Answer) {
  return {
    ...{ account: identity.account, region, plan: plan.digest, applied: isApplied },
    resources: said.map(({ found, ...one }) => ({
      ...{ kind: found.kind, id: found.id, arn: found.arn, name: found.name },
      ...{ origin: one.origin, owners: one.owners, state: one.state, wouldBe: one.would },
      ...{ obstacles: one.obstacles, notes: one.notes, tags: one.set, ahead: one.ahead },
      keep: keepOf(one.origin, one.set, found.service !== undefined),
    })),
    stacks: destroyedBy(copilot),
  }
}

const keepOf = (...[origin, set, isService]: Parameters<typeof cureFor>): string[] =>
  Object.keys(set).length === 0 ? [] : cureFor(origin, set, isService)

type Environment = ReturnType<typeof readCatalog>['environment']

function choiceOf(options: Options, place: Place, environment: Environment): Choice {
  const { schedule = environment.schedule, owner, deploy } = options
  const teams = Object.keys(environment.teams)
  if (options.schedule !== undefined) {
    oneOf('--schedule', schedule, [...Object.keys(environment.schedules), ALWAYS_ON, WHEN_NEEDED])
  }
  if (owner !== undefined) oneOf('--owner', owner, teams)
  if (deploy !== undefined) readPolicy(deploy)
  const named = new Set([...(options.service ?? []), ...(options.only ?? [])])
  return {
    environment: place.environment,
    ...{ owner: environment.owner, teams, deploy, givenOwner: owner },
    passable: passableRoles(place.environment, environment.passRoles),
    ...(schedule !== ALWAYS_ON && { schedule }),
    isNamed: (found) => namesOf(found).some((name) => named.has(name)),
  }
}

function readPolicy(text: string): void {
  try {
    checkPolicy(text)
  } catch (error) {
    throw new UsageError(`--deploy: ${(error as Error).message}`)
  }
}

type Named = Pick<Found, 'id' | 'kind' | 'name'>

/** `service/<cluster>/<name>`, `<cluster>/<name>`, `<name>`; an instance's id too. */
const namesOf = ({ id, name }: Named): string[] => [
  id,
  id.slice(id.indexOf('/') + 1),
  id.split('/').at(-1) ?? id,
  name,
]

const chosenBy =
  ({ service, cluster, only }: Options) =>
  (found: Named): boolean => {
    const isOf = (names: readonly string[] | undefined, is: (name: string) => boolean) =>
      names === undefined || names.some(is)
    const [, inCluster = ''] = found.kind === 'service' ? found.id.split('/') : []
    const isService = found.kind === 'service'
    return (
      isOf(service, (name) => isService && namesOf(found).includes(name)) &&
      isOf(cluster, (name) => isService && inCluster === name) &&
      isOf(only, (name) => KIND_WORDS[name] === found.kind || namesOf(found).includes(name))
    )
  }

/** Words that choose nothing are a mistake; an empty account is none. @throws UsageError */
function noneOf({ service, cluster, only }: Options): void {
  const words = [...(service ?? []), ...(cluster ?? []), ...(only ?? [])]
  if (words.length === 0) return
  throw new UsageError(
    `found nothing of the name ${words.join(', ')} in the account; allowed: names that \`caretaker adopt\` lists, and for --only ${Object.keys(KIND_WORDS).join(', ')}`,
  )
}

/** The options again, as they were typed. */
const wordsOf = (options: Options): string[] => [
  ...each('service', options.service),
  ...each('cluster', options.cluster),
  ...each('only', options.only),
  ...each('deploy', options.deploy && [options.deploy]),
  ...each('schedule', options.schedule && [options.schedule]),
  ...each('owner', options.owner && [options.owner]),
]

const each = (name: string, values: readonly string[] | '' | undefined): string[] =>
  (values || []).map((value) => `--${name} ${/^[\w/.:-]+$/.test(value) ? value : `"${value}"`}`)

async function takeBack(clients: Clients, options: Options, terminal: Terminal): Promise<number> {
  const undoings = await undo(clients, chosenBy(options), options.dryRun !== true)
  const left = undoings.filter(({ asleep, undone }) => asleep || (undone?.left.length ?? 0) > 0)
  if (options.json) terminal.out(JSON.stringify({ undone: undoings.map(undoneOf) }, undefined, 2))
  else {
    for (const one of undoings) for (const line of sayUndoing(one)) terminal.say(line)
    const { length } = undoings
    terminal.say(
      length === 0
        ? 'Nothing of what is chosen was adopted, and nothing was changed.'
        : options.dryRun
          ? 'Nothing was changed: without --dry-run that is done.'
          : left.length === 0
            ? `Done: ${length} ${length === 1 ? 'resource is' : 'resources are'} as before.`
            : `Done, but for what is said of ${left.map(({ adoption }) => adoption.name).join(', ')}.`,
    )
  }
  return left.length === 0 ? 0 : 1
}

const undoneOf = ({ adoption, ...rest }: Awaited<ReturnType<typeof undo>>[number]) => ({
  ...{ id: adoption.id, arn: adoption.arn, name: adoption.name },
  ...rest,
})
