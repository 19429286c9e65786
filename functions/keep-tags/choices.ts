import { BUTTONS_IN_A_ROW } from '../../domain/slack/limits.ts'
import type { TagCase } from '../../domain/table/tag-case.ts'
import type { TagNotice } from '../../domain/table/tag-notice.ts'
import { teamsOf } from '../../domain/tagging/creator.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Sources } from './sources.ts'

/**
 * A button for each team that it may belong to, on a message about one resource whose owner is
 * missing: those of whoever made it, or all.
 */
export function choicesFor(
  { catalog }: Pick<Sources, 'catalog'>,
  cases: readonly TagCase[],
): TagNotice['detail']['choices'] {
  const [one] = cases
  const lacksOwner = one?.left.some((left) => left.startsWith(`${TAGS.owner} is missing`))
  if (one === undefined || cases.length > 1 || lacksOwner !== true) return []
  const likely = one.creator === undefined ? [] : teamsOf(catalog, one.creator)
  const teams = likely.length > 0 ? likely : Object.keys(catalog.teams)
  return teams.slice(0, BUTTONS_IN_A_ROW).map((team) => ({
    verb: 'own',
    input: { resource: one.id, team },
    label: `It's ${team}'s`,
    key: team,
  }))
}
