import type { Assessment } from '../../domain/adopt/assess.ts'
import { cureFor, sayOrigin } from '../../domain/adopt/owners.ts'
import type { Plan } from '../../domain/adopt/plan.ts'
import { type Destroyed, destroyedBy, type FoundStack } from '../../domain/adopt/stacks.ts'
import type { Kind } from '../../domain/sleep/resource.ts'
import type { Undoing } from './undo.ts'

/** An assessment with what its tags would cause within a day. */
export type Said = Assessment & { ahead: readonly string[] }

const TITLES: Readonly<Record<Kind, string>> = {
  service: 'ECS services',
  instance: 'EC2 instances',
  database: 'RDS instances',
  cluster: 'Aurora clusters',
  group: 'Auto Scaling groups',
}

const nameOf = ({ found }: Said): string =>
  found.service === undefined ? found.name : `${found.service.cluster}/${found.name}`

/** The whole account in words. */
export function sayAccount(where: string, all: readonly Said[], stacks: FoundStack[]): string[] {
  const after = all.filter(({ state }) => state === 'looked-after')
  const rest = all.filter(({ state }) => state !== 'looked-after')
  const lines = [
    `${where}: ${all.length} ${all.length === 1 ? 'resource' : 'resources'}${after.length === 0 ? '' : `, ${after.length} of them looked after already (${after.map(nameOf).toSorted().join(', ')})`}.`,
  ]
  for (const [kind, title] of Object.entries(TITLES) as [Kind, string][]) {
    const own = rest.filter(({ found }) => found.kind === kind)
    if (own.length === 0) continue
    lines.push('', title, ...own.flatMap((one) => ['', ...sayOne(one)]))
  }
  lines.push(...sayKeeping(rest))
  const destroyed = destroyedBy(stacks)
  if (destroyed.length > 0) lines.push('', ...sayStacks(destroyed))
  return lines
}

function sayOne(one: Said): string[] {
  const { origin, owners, would, obstacles, notes, set, ahead } = one
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`    ${title}`, ...lines.map((line) => `      ${line}`)]
  return [
    `  ${nameOf(one)}`,
    `    ${sayOrigin(origin)}`,
    ...part('who writes it today', [
      ...(owners.taskDefinition === undefined ? [] : [`task definition: ${owners.taskDefinition}`]),
      ...(owners.count === undefined ? [] : [`count: ${owners.count}`]),
      `tags: ${owners.tags}`,
    ]),
    `    would be looked after: ${sayWould(one.state, would)}`,
    ...part(
      'what stands in the way',
      obstacles.flatMap(({ keeps, why, cure }) => [`of ${keeps}: ${why}`, `  cure: ${cure}`]),
    ),
    ...part('to know', notes),
    ...part(
      'tags that are proposed',
      Object.entries(set).map(([key, value]) => `${key} = ${value}`),
    ),
    ...part('within a day', ahead),
  ]
}

/** What to write so that tools leave the tags: for each tool, with the tags of the first as an example. */
function sayKeeping(all: readonly Said[]): string[] {
  const proposed = all.filter(({ set }) => Object.keys(set).length > 0)
  const groups = Map.groupBy(proposed, ({ origin, found }) =>
    JSON.stringify([origin.maker, found.service !== undefined]),
  )
  const lines = [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const { origin, set, found } = first
    const cure = cureFor(origin, set, found.service !== undefined)
    const others = own.length === 1 ? '' : `, with the tags of ${nameOf(first)} as an example`
    return ['', `  ${own.map(nameOf).join(', ')}${others}`, ...cure.map((line) => `    ${line}`)]
  })
  return lines.length === 0 ? [] : ['', 'So that the tags stay', ...lines]
}

function sayWould(state: Said['state'], would: Said['would']): string {
  if (state === 'other-environment') return 'no: it is another environment’s'
  const words = { 'roll-outs': 'pushes are rolled out to it', sleep: 'it sleeps and wakes' }
  return would.length === 0 ? 'no' : would.map((one) => words[one]).join(', ')
}

function sayStacks(destroyed: readonly Destroyed[]): string[] {
  return [
    'Stacks of Copilot',
    '  Caretaker deletes none of them. Whoever deletes one loses:',
    ...destroyed.flatMap(({ stack, loses, stays, also }) => [
      `  ${stack}`,
      ...(loses.length === 0 ? ['    nothing that holds data'] : loses.map((one) => `    ${one}`)),
      ...stays.map((one) => `    stays: ${one}`),
      ...also.map((one) => `    ${one}`),
    ]),
  ]
}

/** What is to be typed next. @param words the options that were given. */
export function sayNext({ changes, digest }: Plan, words: readonly string[]): string {
  if (changes.length === 0) return 'Nothing is proposed, and nothing was changed.'
  const given = words.length === 0 ? '' : `${words.join(' ')} `
  return `Nothing was changed. These tags, on ${changes.length} ${changes.length === 1 ? 'resource' : 'resources'}, are plan ${digest}: \`caretaker adopt ${given}--apply ${digest}\` gives them, and \`caretaker adopt --undo\` takes them back.`
}

/** What became of each resource that gets its tags back. */
export function sayUndoing({ adoption, undone, asleep, gone, runs }: Undoing): string[] {
  const { name, taskDefinition } = adoption
  if (gone) return [`${name}: it is not there any more; what was kept of it is forgotten`]
  if (asleep) {
    return [
      `${name}: left as it is, for it sleeps and nobody would wake it: \`caretaker wake ${name}\`, then this again`,
    ]
  }
  const { take = [], set = {}, left = [] } = undone ?? {}
  const parts = [
    ...(take.length === 0 ? [] : [`taken away: ${take.join(', ')}`]),
    ...Object.entries(set).map(([key, value]) => `${key} is ${value} again`),
    ...left.map(
      ({ key, wrote, found }) => `${key} is left: somebody has made it ${found} of ${wrote}`,
    ),
  ]
  return [
    `${name}: ${parts.join('; ') || 'its tags were gone already'}`,
    ...(runs === undefined || taskDefinition === undefined
      ? []
      : [`  it runs ${runs}; before it was adopted, ${taskDefinition}`]),
  ]
}
