import type { Assessment } from '../../domain/adopt/assess.ts'
import type { Plan } from '../../domain/adopt/plan.ts'
import type { Terminal } from '../terminal.ts'
import { adoptionOf, readAdoptions, writeAdoption } from './adoptions.ts'
import type { Clients } from './clients.ts'
import { giveTags } from './tag.ts'

/**
 * Gives the tags that were printed, and nothing else. What was before is written down first, so that
 * `--undo` knows it wherever this ends.
 *
 * @throws Problem where the environment is not deployed; whatever AWS answers, with what was done said.
 */
export async function applyPlan(
  clients: Clients,
  { changes, digest }: Plan,
  assessments: readonly Assessment[],
  { terminal, now }: { terminal: Terminal; now: Date },
): Promise<void> {
  const adoptions = await readAdoptions(clients)
  const tagsOf = new Map(assessments.map(({ found }) => [found.id, found.tags]))
  const by = clients.identity.name
  let done = 0
  for (const change of changes) {
    const tags = tagsOf.get(change.id) ?? {}
    const how = { plan: digest, by, now }
    const adoption = adoptionOf(change, tags, adoptions.get(change.id), how)
    try {
      await writeAdoption(clients, adoption)
      await giveTags(clients, change, change.set)
      await writeAdoption(clients, { ...adoption, state: 'adopted' })
    } catch (error) {
      terminal.tell(
        `${done} of ${changes.length} were done; ${change.name} was not, or not wholly. What was before is kept: \`caretaker adopt --undo\` gives it back, and adopting again goes on.`,
      )
      throw error
    }
    done++
  }
}
