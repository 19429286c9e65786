import type { Answer } from '../../../domain/acts/answer.ts'
import type { Show, ShownCatalog } from '../../../domain/acts/show.ts'
import { mayRead } from '../../../domain/acts/who.ts'
import { type Acting, accountOf } from '../../shared/acts/acting.ts'
import { notInATeam } from '../../shared/acts/carry-out.ts'
import { isSaid } from '../../shared/acts/services.ts'
import { type Known, showEnvironment } from './environment.ts'
import { showService } from './service.ts'

/**
 * What a program draws: the same that the verbs tell in words, as it is kept. It reads and writes
 * nothing, and is for whoever may read.
 *
 * @param known images of revisions, kept between invocations.
 */
export async function showTo(acting: Acting, asked: Show, known: Known): Promise<Answer> {
  if (!mayRead(acting.who)) return { outcome: 'refused', text: notInATeam(acting.who) }
  if (asked === 'catalog') return shown(catalogOf(acting))
  if (asked === 'environment') return shown(await showEnvironment(acting, known))
  const found = await showService(acting, asked.service)
  if (!isSaid(found)) return shown(found)
  return { outcome: 'refused', text: found.said, ...(found.mistake && { mistake: true }) }
}

const shown = (data: Record<string, unknown>): Answer => ({ outcome: 'read', text: '', data })

const catalogOf = ({ catalog, who, machine }: Acting): ShownCatalog => ({
  catalog,
  who: { name: who.name, teams: [...who.teams], operator: who.operator },
  account: accountOf(machine),
  rollOut: machine,
})
