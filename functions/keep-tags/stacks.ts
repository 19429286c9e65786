import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { readItem } from '../../domain/table/read.ts'
import type { StackMaker, TagCase } from '../../domain/table/tag-case.ts'
import { STACK_MAKERS_BETWEEN, stackMakerKey, TAG_CASES } from '../../domain/table/tag-keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import type { Created } from '../../domain/tagging/created.ts'
import type { Resource } from '../../domain/tagging/resource.ts'
import { epochSeconds } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import { newCase } from './cases.ts'
import type { Sources } from './sources.ts'

const STACK = /^arn:[\w-]+:cloudformation:[^:]+:\d+:stack\//
/** CloudFormation sets it on what it makes. */
const STACK_ID = 'aws:cloudformation:stack-id'

type Maker = StackMaker['creator']

/**
 * Keeps who has made a stack: what it makes is tagged by the next sweep, and whose it is stands in no
 * event of its own. A stack that another has made says nothing.
 */
export async function keepStackMakers(
  { table, now }: Pick<Sources, 'table' | 'now'>,
  created: readonly Created[],
  creator: Maker,
): Promise<void> {
  if (creator.kind !== 'person' && creator.kind !== 'role') return
  for (const { arn: stack } of created) {
    if (!STACK.test(stack)) continue
    const expires = epochSeconds(now) + KEPT_SECONDS
    const maker: StackMaker = { version: VERSION, stack, creator, expires }
    await putItem(table, { item: { ...stackMakerKey(stack), ...maker } })
  }
}

/** The cases, with the makers of their stacks where nobody better is known. */
export async function withStackMakers(
  { table }: Pick<Sources, 'table'>,
  resources: readonly Resource[],
  cases: ReadonlyMap<string, TagCase>,
): Promise<Map<string, TagCase>> {
  const all = new Map(cases)
  const items = await itemsBetween(table, TAG_CASES, ...STACK_MAKERS_BETWEEN)
  const makers = new Map(
    items.map((item) => readItem('stack-maker', item)).map((one) => [one.stack, one.creator]),
  )
  for (const resource of resources) {
    const maker = makers.get(resource.tags[STACK_ID] ?? '')
    const kept = cases.get(resource.id)
    const isKnown = kept?.creator !== undefined && kept.creator.kind !== 'stack'
    if (maker === undefined || isKnown) continue
    all.set(resource.id, { ...(kept ?? newCase(resource)), creator: maker })
  }
  return all
}
