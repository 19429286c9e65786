import { isDeepStrictEqual } from 'node:util'
import type { Stack } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'
import { refuseReplacements } from './refusals.ts'
import { isDead, isWhole, type Standing } from './standing.ts'
import { exportsOf, identityOf, importsOf, mangled } from './template.ts'

/** What one run of the CDK deploys, and which stacks are deleted after it. */
export type Wave = { deploy: Stack[]; remove: string[] }

export type Plan = {
  /** Stacks that can only be deleted: before everything else. */
  dead: Standing[]
  waves: Wave[]
  /** Stacks of services that have left the catalog; they are left alone. */
  left: string[]
}

type Account = ReadonlyMap<string, Standing>

/** One must be finished before the other begins, and why. */
type Edge = { first: string; next: string; why: string }

/**
 * In which order the changed stacks are deployed. Mostly that is one run of the CDK, which deploys
 * what exports before what imports. A stack that takes an export away comes after those that have
 * used it, and a stack that takes a name over after the one that had it. Pure.
 *
 * @param standing the environment's stacks, as CloudFormation has them.
 * @param isService whether a stack is that of a service: one that left the catalog is not deleted.
 * @throws Problem for what no order can do, with what to do instead.
 */
export function planOf(
  stacks: readonly Stack[],
  standing: Account,
  isService: (stack: string) => boolean,
): Plan {
  const dead = [...standing.values()].filter(isDead)
  const alive: Account = new Map([...standing].filter(([, stack]) => !isDead(stack)))
  const changed = stacks.filter((stack) => isChanged(stack, alive.get(stack.name)))
  const known = new Set(stacks.map(({ name }) => name))
  const gone = [...alive.values()].filter(({ name }) => !known.has(name))
  const left = gone.map(({ name }) => name).filter(isService)
  const removed = gone.filter(({ name }) => !isService(name))
  const edges = [
    ...sharingEdges(changed, removed, alive, left),
    ...nameEdges(changed, removed, alive, left),
  ]
  refuseReplacements(changed, alive)
  const waveOf = numbered(changed, removed, edges, alive)
  const last = Math.max(-1, ...waveOf.values())
  const waves = Array.from({ length: last + 1 }, (_, wave) => ({
    deploy: changed.filter(({ name }) => waveOf.get(name) === wave),
    remove: removed.map(({ name }) => name).filter((name) => waveOf.get(name) === wave),
  }))
  return { dead, waves, left }
}

/** Also a stack that is not whole: its template says nothing of what stands. */
function isChanged({ template }: Stack, deployed: Standing | undefined): boolean {
  if (deployed === undefined) return Object.keys(template.Resources).length > 0
  if (!isWhole(deployed)) return true
  return !isDeepStrictEqual(
    mangled(without(deployed.template)),
    mangled(without(template as object)),
  )
}

/** An empty member is the same as none. */
const without = (template: object): object =>
  Object.fromEntries(Object.entries(template).filter(([, value]) => value !== undefined))

/** Who has used an export goes before the stack that takes it away. */
function sharingEdges(
  changed: readonly Stack[],
  removed: readonly Standing[],
  alive: Account,
  left: readonly string[],
): Edge[] {
  const after = new Map(changed.map(({ name, template }) => [name, template]))
  const edges: Edge[] = []
  for (const { name, template } of [...changed, ...removed.map(emptied)]) {
    const before = alive.get(name)
    if (before === undefined) continue
    const now = exportsOf(template)
    for (const lost of exportsOf(before.template).keys()) {
      if (now.has(lost)) continue
      for (const user of alive.values()) {
        if (user.name === name || !importsOf(user.template).has(lost)) continue
        const why = `${user.name} uses ${lost} of ${name}`
        if (left.includes(user.name)) throw new Problem(leftInTheWay(user.name, why))
        const usesStill = importsOf(after.get(user.name) ?? { Resources: {} }).has(lost)
        if (!usesStill) edges.push({ first: user.name, next: name, why })
      }
    }
  }
  return edges
}

const emptied = ({ name }: Standing) => ({ name, template: { Resources: {} } })

/** Who gives a name up goes before who takes it. */
function nameEdges(
  changed: readonly Stack[],
  removed: readonly Standing[],
  alive: Account,
  left: readonly string[],
): Edge[] {
  const taken = new Map<string, string>()
  for (const { name, template } of alive.values()) {
    for (const one of identitiesIn(template)) taken.set(one, name)
  }
  const removing = new Set(removed.map(({ name }) => name))
  const edges: Edge[] = []
  for (const { name, template } of changed) {
    for (const identity of identitiesIn(template)) {
      const holder = taken.get(identity)
      if (holder === undefined || holder === name) continue
      const why = `${holder} has ${identity}, which ${name} wants`
      if (left.includes(holder)) throw new Problem(leftInTheWay(holder, why))
      const gives = changed.find((one) => one.name === holder)
      const keeps = gives === undefined || identitiesIn(gives.template).includes(identity)
      if (keeps && !removing.has(holder)) continue
      edges.push({ first: holder, next: name, why })
    }
  }
  return edges
}

const identitiesIn = ({ Resources }: Stack['template']): string[] =>
  Object.values(Resources).flatMap((resource) => identityOf(resource) ?? [])

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html */
const leftInTheWay = (stack: string, why: string): string =>
  `${stack} has left the catalog and still stands: ${why}. Nothing was changed. If its service is no longer needed, delete it, then run this again:\n  aws cloudformation delete-stack --stack-name ${stack}\n  aws cloudformation wait stack-delete-complete --stack-name ${stack}`

/** Which run each stack belongs to. */
function numbered(
  changed: readonly Stack[],
  removed: readonly Standing[],
  edges: readonly Edge[],
  alive: Account,
): Map<string, number> {
  const all: Edge[] = [...edges, ...changed.flatMap((stack) => needsOf(stack, changed, alive))]
  const waveOf = new Map([...changed, ...removed].map(({ name }) => [name, 0]))
  const isLate = new Set(edges)
  // Each round settles one more stack of a chain; more rounds than stacks mean a circle.
  for (let round = 0; round <= waveOf.size; round++) {
    let moved = false
    for (const edge of all) {
      const first = waveOf.get(edge.first)
      if (first === undefined) continue
      const least = first + (isLate.has(edge) ? 1 : 0)
      if ((waveOf.get(edge.next) ?? 0) >= least) continue
      waveOf.set(edge.next, least)
      moved = true
    }
    if (!moved) return waveOf
  }
  throw new Problem(
    `These changes wait for each other: ${edges.map(({ why }) => why).join('; ')}. Make them one after the other: what is taken away first, npx caretaker environment deploy, then what is new.`,
  )
}

/** What a stack needs new of another: it is deployed in the same run or a later one. */
function needsOf(stack: Stack, changed: readonly Stack[], alive: Account): Edge[] {
  const imported = importsOf(stack.template)
  return changed
    .filter(({ name }) => stack.needs.includes(name))
    .filter(({ name, template }) => {
      const before = alive.get(name)
      if (before === undefined) return true
      const had = exportsOf(before.template)
      return [...exportsOf(template).keys()].some((one) => imported.has(one) && !had.has(one))
    })
    .map(({ name }) => ({ first: name, next: stack.name, why: `${stack.name} needs ${name}` }))
}
