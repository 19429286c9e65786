import type { ServiceView } from '../../view.ts'

/** Which services are listed. */
export const SHOWN = {
  all: 'All',
  attention: 'Need attention',
  moving: 'Rolling out',
  waiting: 'Held or waiting',
  asleep: 'Asleep',
} as const
export type Shown = keyof typeof SHOWN

/** In which order. By team is the one in which each has its team's line above it. */
export const ORDERS = {
  team: 'By team',
  name: 'By name',
  newest: 'Changed last',
  dearest: 'Dearest first',
} as const
export type Order = keyof typeof ORDERS

const IS: Record<Shown, (one: ServiceView) => boolean> = {
  all: () => true,
  attention: ({ asAsked, healthy, alarms }) =>
    asAsked.state === 'no' || healthy.state === 'no' || alarms.length > 0,
  moving: ({ asAsked }) => asAsked.state === 'changing',
  waiting: ({ asAsked }) => asAsked.state === 'held',
  asleep: ({ awake }) => awake.state === 'resting',
}

/** Whether a service, or its team, has all the words in its name, and is of those that are listed. */
export function isMeant(one: ServiceView, words: string, shown: Shown): boolean {
  const { name, owner } = one
  const named = words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word) || owner.includes(word))
  return named && IS[shown](one)
}

/** @returns in their order; by team they stay in the order of their names. */
export function inOrder(services: readonly ServiceView[], order: Order): ServiceView[] {
  // `worker-2` comes before `worker-10`.
  const byName = (a: ServiceView, b: ServiceView) =>
    a.name.localeCompare(b.name, 'en', { numeric: true })
  switch (order) {
    case 'newest':
      return services.toSorted(
        (a, b) => (b.changedAt ?? '').localeCompare(a.changedAt ?? '') || byName(a, b),
      )
    case 'dearest':
      return services.toSorted((a, b) => (b.day?.usd ?? -1) - (a.day?.usd ?? -1) || byName(a, b))
    default:
      return services.toSorted(byName)
  }
}
