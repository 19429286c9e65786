import type { Seen } from '../../../domain/sleep/resource.ts'
import { TAGS } from '../../../domain/tags.ts'

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
): Pick<Seen, 'owner' | 'service' | 'schedule' | 'order' | 'wayOut'> => ({
  owner: tags[TAGS.owner] ?? '',
  service: tags[TAGS.service],
  schedule: tags[TAGS.schedule] ?? '',
  order: orderOf(tags),
  wayOut: tags[TAGS.wayOut] === 'true',
})
/** `caretaker:count` as a number; what is none counts as one. */
export function countOf(tags: Record<string, string>): number {
  const count = Number(tags[TAGS.count])
  return Number.isInteger(count) && count > 0 ? count : 1
}
