import { type Assessment, assess, wishOf } from '../../domain/adopt/assess.ts'
import { isFollow } from '../../domain/adopt/follow.ts'
import type { Choice, Found } from '../../domain/adopt/found.ts'
import { STACK_NAME } from '../../domain/adopt/origin.ts'
import type { FoundStack } from '../../domain/adopt/stacks.ts'
import { Registry } from '../../functions/shared/roll-out/registry.ts'
import type { Clients } from './clients.ts'
import { judgeRollOut } from './judge.ts'
import { readOthers } from './read-others.ts'
import { type ReadService, readServices } from './read-services.ts'
import { readStacks } from './read-stacks.ts'

/** What an account holds, as Caretaker judges it. */
export type Looked = { assessments: Assessment[]; copilot: FoundStack[] }

/**
 * Reads everything and changes nothing.
 *
 * @param isChosen what is looked at; stacks are read for that alone.
 * @throws PolicyError for a policy that cannot be read; whatever AWS answers.
 */
export async function look(
  clients: Clients,
  choice: Choice,
  isChosen: (found: Pick<Found, 'id' | 'kind' | 'name'>) => boolean,
  now: Date,
): Promise<Looked> {
  const services = await readServices(clients, isChosen)
  const others = (await readOthers(clients)).filter(isChosen)
  const all = [...services.map(({ found }) => found), ...others]
  const named = new Set(all.flatMap(({ tags }) => tags[STACK_NAME] ?? []))
  const { isCdk, copilot } = await readStacks(clients, named)
  const withStack = <One extends Found>(found: One): One => {
    const name = found.tags[STACK_NAME]
    return name === undefined
      ? found
      : { ...found, stack: { name, isCdk: isCdk.get(name) ?? false } }
  }
  const registry = new Registry(clients.ecr, clients.fetch)
  const assessments: Assessment[] = []
  for (const read of services) {
    const found = withStack(read.found)
    const judged = await judgedOf(clients, registry, { ...read, found }, choice, now)
    assessments.push(assess(found, choice, judged))
  }
  assessments.push(...others.map((found) => assess(withStack(found), choice)))
  return { assessments, copilot }
}

async function judgedOf(
  clients: Clients,
  registry: Registry,
  read: ReadService,
  choice: Choice,
  now: Date,
) {
  const wish = wishOf(read.found, choice)
  if (wish === undefined || !isFollow(wish)) return undefined
  return judgeRollOut(clients, registry, read, wish, now)
}
