import type { Deed, Event, Happening } from './history.ts'
import { HOUR, MINUTE, written } from './lengths.ts'

type Faults = NonNullable<Deed['faults']>

/** The most of each that a history has: what is more, nothing gets past. */
const MOST = {
  lose: 1,
  duplicate: 0.6,
  delay: 0.5,
  reorder: 0.5,
  stale: 0.6,
  unseen: 0.6,
  unfired: 1,
  busy: 0.06,
  unanswered: 0.04,
  unread: 0.05,
  partial: 0.4,
  kill: 0.015,
} as const satisfies Faults

/** Nothing goes wrong any more. */
export const HEALED: Faults = Object.fromEntries(Object.keys(MOST).map((name) => [name, 0]))

/** Some of it goes wrong from now on, and the rest not any more. */
export const faults: Happening = ({ dice }, at) => {
  const rates = Object.entries(MOST).map(([name, most]) => {
    const rate = dice.chance('rate/some', 0.55) ? 0 : most * dice.share('rate') ** 2
    return [name, Math.round(rate * 1000) / 1000]
  })
  return [{ at, faults: Object.fromEntries(rates) as Faults }]
}

/** What Caretaker depends on. */
const DEPENDENCIES = [
  'dynamodb',
  'ecs',
  'ecr',
  'resource-groups-tagging-api',
  'application-auto-scaling',
  'rds',
  'lambda',
  'sfn',
  'cloudwatch',
  'cloudwatch-logs',
  'secrets-manager',
  'sqs',
  'scheduler',
  'budgets',
]

/** A minute to six hours, mostly some minutes. */
const lengthOf = (share: number): number => Math.round(MINUTE * 360 ** share)

/** One after another, or some at once; each heals at its own time. */
export const outage: Happening = ({ dice, until }, at) => {
  const count = dice.weighted('outages', [
    [6, 1],
    [2, 2],
    [1, 4],
  ])
  return Array.from({ length: count }, (): Event => {
    const length = Math.min(lengthOf(dice.share('outage') ** 1.5), until - at)
    const service = dice.pick('dependency', DEPENDENCIES)
    return { at, down: { service, for: written(length) } }
  })
}

export const slackDown: Happening = ({ dice, until }, at) => {
  if (dice.chance('slack/limited', 0.3)) return [{ at, slack: { limit: 120 } }]
  const end = Math.min(at + lengthOf(dice.share('slack')), until)
  return [
    { at, slack: { down: true } },
    { at: end, slack: { down: false } },
  ]
}

/** Caretaker is switched off for a quarter of an hour to six hours. */
export const off: Happening = ({ dice, until }, at) => {
  const length = Math.min(Math.round(15 * MINUTE * 24 ** dice.share('off')), until - at, 6 * HOUR)
  return [{ at, off: { for: written(length) } }]
}
