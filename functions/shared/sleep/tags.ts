import { idleOf } from '../../../domain/sleep/idle.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { TAGS } from '../../../domain/tags.ts'
import { cut } from '../../../domain/text.ts'

/** What says no order comes after everything that says one, and sleeps before it. */
const LAST = 1000

/** `caretaker:order` as a number; what is none counts as absent. */
function orderOf(tags: Record<string, string>): number {
  const order = Number(tags[TAGS.order])
  return tags[TAGS.order] !== undefined && Number.isInteger(order) ? order : LAST
}

/** What the tags of a resource say, whatever kind it is. */
export const commonOf = (
  tags: Record<string, string>,
): Pick<Seen, 'owner' | 'service' | 'schedule' | 'order' | 'wayOut' | 'idle'> => ({
  owner: tags[TAGS.owner] ?? '',
  service: tags[TAGS.service],
  schedule: tags[TAGS.schedule] ?? '',
  order: orderOf(tags),
  wayOut: tags[TAGS.wayOut] === 'true',
  idle: idleOf(tags[TAGS.idle]),
})

/** What people call a service: its name in the catalog, or else in ECS. @param id as ECS has it. */
export const serviceName = (tags: Record<string, string>, id: string): string =>
  tags[TAGS.service] ?? id.split('/').at(-1) ?? id

/** `caretaker:count` as a number; what is none counts as one. */
export function countOf(tags: Record<string, string>): number {
  const count = Number(tags[TAGS.count])
  return Number.isInteger(count) && count > 0 ? count : 1
}

/** Why nothing is done to what has an order that cannot be read; undefined for a good one. */
export function unreadOrder(tags: Record<string, string>): string | undefined {
  const order = tags[TAGS.order]
  if (order === undefined || Number.isInteger(Number(order))) return undefined
  return `its tag ${TAGS.order} is "${cut(order, 50)}", which is no whole number`
}
