import { sayBudget } from '../../../domain/budgets/say.ts'
import { freezeOf, ofTeam } from '../../../domain/roll-out/hold.ts'
import type { EnvironmentState } from '../../../domain/table/environment-state.ts'
import { budgetStateKey, environmentKey } from '../../../domain/table/keys.ts'
import { readItem, UnreadableItem } from '../../../domain/table/read.ts'
import { tagStateKey } from '../../../domain/table/tag-keys.ts'
import { getItems } from '../table/get.ts'
import type { Item } from '../table/table.ts'
import { type Acting, sayAt } from './acting.ts'

/**
 * A line each on what is spent and on how the tags are: of a team, or of all. None where the catalog
 * gives no budget, and watches nothing.
 *
 * @throws PartialRead
 */
export async function teamLines(acting: Acting, team: string | undefined): Promise<string[]> {
  const { catalog, table } = acting
  const budgets = catalog.budgets.filter(({ owner }) => team === undefined || owner === team)
  const [environment, tags, ...states] = await getItems(table, [
    environmentKey,
    tagStateKey,
    ...budgets.map(({ name }) => budgetStateKey(name)),
  ])
  const each = budgets.map(({ team: own }, place) => {
    const said = budgetOf(acting, states[place], own, environment)
    return `${own ?? catalog.environment} ${said}`
  })
  return [
    ...(each.length === 0 ? [] : [`Budgets: ${each.join('; ')}.`]),
    ...tagLine(acting, tags, team),
  ]
}

function budgetOf(
  acting: Acting,
  item: Item | undefined,
  team: string | undefined,
  environment: Item | undefined,
): string {
  const { catalog, now } = acting
  if (catalog.features.budgets === 'off') return 'is not looked at (features.budgets is off)'
  const state = item === undefined ? undefined : readable('budget-state', item)
  if (state instanceof UnreadableItem) return state.message
  const since =
    state !== undefined && state.spent > 0 ? `, seen since ${sayAt(acting, state.changedAt)}` : ''
  const frozen = (environment as EnvironmentState | undefined)?.budgetFrozen
  const hold = team === undefined ? undefined : freezeOf(ofTeam(frozen, team), now)
  return `${sayBudget(state)}${since}${hold === undefined ? '' : ', roll-outs held'}`
}

function tagLine(
  { catalog: { tags: policy, features } }: Acting,
  item: Item | undefined,
  team: string | undefined,
): string[] {
  if (policy === undefined) return []
  if (features.tags === 'off') return ['Tags: not looked at (features.tags is off).']
  const state = item === undefined ? undefined : readable('tag-state', item)
  if (state instanceof UnreadableItem) return [`Tags: ${state.message}.`]
  if (state?.reported === undefined) return ['Tags: not looked at yet.']
  const each = Object.entries(state.teams)
    .filter(([name]) => team === undefined || name === team)
    .map(([name, { complete, total }]) => `${name} ${complete} of ${total}`)
  const all = each.length === 0 ? 'nothing that is watched' : each.join('; ')
  return [`Complete tags in the week of ${state.reported}: ${all}.`]
}

function readable<Kind extends 'budget-state' | 'tag-state'>(kind: Kind, item: Item) {
  try {
    return readItem(kind, item)
  } catch (error) {
    if (error instanceof UnreadableItem) return error
    throw error
  }
}
