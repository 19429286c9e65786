import { TAGS } from '../../../domain/tags.ts'

/** What says no order comes after everything that says one, and sleeps before it. */
const LAST = 1000

/** `caretaker:order` as a number; what is none counts as absent. */
export function orderOf(tags: Record<string, string>): number {
  const order = Number(tags[TAGS.order])
  return tags[TAGS.order] !== undefined && Number.isInteger(order) ? order : LAST
}
