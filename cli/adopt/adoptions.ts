import type { Change } from '../../domain/adopt/plan.ts'
import type { Adoption } from '../../domain/table/adoption.ts'
import { ADOPTED, adoptionKey } from '../../domain/table/adoption-keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { instant } from '../../domain/time.ts'
import { deleteItem } from '../../functions/shared/table/delete.ts'
import { putItem } from '../../functions/shared/table/put.ts'
import { itemsBetween } from '../../functions/shared/table/query.ts'
import { Problem } from '../problem.ts'
import type { Clients } from './clients.ts'

/** All that was adopted here, by the id of the resource. @throws Problem where nobody looks after it. */
export async function readAdoptions({ table }: Clients): Promise<Map<string, Adoption>> {
  try {
    const items = await itemsBetween(table, ADOPTED, '!', '~')
    return new Map(
      items.map((item) => {
        const read = readItem('adoption', item)
        return [read.id, read]
      }),
    )
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
    throw new Problem(
      `There is no table ${table.name}: the environment is not deployed, and nobody would look after what is tagged. First \`caretaker environment deploy\`.`,
    )
  }
}

/** What is written down of a change before it is made: with what was before, also from an earlier time. */
export function adoptionOf(
  { id, arn, kind, name, maker, set, taskDefinition }: Change,
  tags: Readonly<Record<string, string>>,
  earlier: Adoption | undefined,
  { plan, by, now }: { plan: string; by: string; now: Date },
): Adoption {
  const old = Object.keys(set).flatMap((key) => {
    const value = tags[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  const ran = earlier?.taskDefinition ?? taskDefinition
  return {
    ...{ version: VERSION, id, arn, kind, name, maker, state: 'applying', plan, by },
    at: earlier?.at ?? instant(now),
    set: { ...earlier?.set, ...set },
    before: { ...Object.fromEntries(old), ...earlier?.before },
    ...(ran !== undefined && { taskDefinition: ran }),
    ...(earlier?.lost !== undefined && { lost: earlier.lost }),
    losses: earlier?.losses ?? 0,
  }
}

export const writeAdoption = ({ table }: Clients, adoption: Adoption): Promise<boolean> =>
  putItem(table, { item: { ...adoptionKey(adoption.id), ...adoption } })

export const forgetAdoption = ({ table }: Clients, id: string): Promise<boolean> =>
  deleteItem(table, adoptionKey(id))
