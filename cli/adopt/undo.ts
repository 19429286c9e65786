import type { Found } from '../../domain/adopt/found.ts'
import { type Undone, undoOf } from '../../domain/adopt/plan.ts'
import type { Adoption } from '../../domain/table/adoption.ts'
import { readKept } from '../../functions/shared/sleep/kept.ts'
import { forgetAdoption, readAdoptions } from './adoptions.ts'
import type { Clients } from './clients.ts'
import { readOthers } from './read-others.ts'
import { readServices } from './read-services.ts'
import { giveTags, takeTags } from './tag.ts'

/** What became of one resource, or why nothing was done to it. */
export type Undoing = {
  adoption: Adoption
  undone?: Undone
  /** It sleeps, and nobody would wake it. */
  asleep?: true
  /** It is not there any more. */
  gone?: true
  /** What it runs now, where that is not what it ran before. */
  runs?: string
}

/**
 * Gives each adopted resource back the tags that it had. What sleeps is left, for nobody would wake
 * it; what somebody has changed since is left and said.
 *
 * @param applies without it nothing is changed, and the same is said.
 */
export async function undo(
  clients: Clients,
  isChosen: (found: Pick<Found, 'id' | 'kind' | 'name'>) => boolean,
  applies: boolean,
): Promise<Undoing[]> {
  const adoptions = [...(await readAdoptions(clients)).values()]
  if (adoptions.length === 0) return []
  const unreadable = new Set<string>()
  const { sleepers } = await readKept(clients.table, (what) => unreadable.add(what))
  const services = (await readServices(clients, isChosen)).map(({ found }) => found)
  const there = new Map<string, Found>(
    [...services, ...(await readOthers(clients))].map((found) => [found.id, found]),
  )
  const undoings: Undoing[] = []
  for (const adoption of adoptions) {
    const found = there.get(adoption.id)
    if (!isChosen(adoption)) continue
    const kept = sleepers.get(adoption.id)
    const isAsleep = (kept?.moving?.to ?? kept?.rest) === 'asleep' || unreadable.has(adoption.id)
    if (found === undefined) undoings.push({ adoption, gone: true })
    else if (isAsleep && 'caretaker:schedule' in adoption.set && !found.isUp) {
      undoings.push({ adoption, asleep: true })
      continue
    } else undoings.push(undoingOf(adoption, found))
    if (applies) await carryOut(clients, undoings.at(-1) as Undoing)
  }
  return undoings
}

function undoingOf(adoption: Adoption, found: Found): Undoing {
  const now = found.service?.taskDefinition
  return {
    adoption,
    undone: undoOf(adoption, found.tags),
    ...(now !== undefined && now !== adoption.taskDefinition && { runs: now }),
  }
}

async function carryOut(clients: Clients, { adoption, undone }: Undoing): Promise<void> {
  if (undone !== undefined) {
    await giveTags(clients, adoption, undone.set)
    await takeTags(clients, adoption, undone.take)
  }
  await forgetAdoption(clients, adoption.id)
}
