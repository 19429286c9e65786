import { shortDigest } from '../image.ts'
import { ADOPTION, TAGS_LOST } from './adoption-keys.ts'
import { CI_SESSION, STACK_MAKER, TAG_CASE, TAG_CASES, TAG_NOTICE, TAG_REPORT } from './tag-keys.ts'

/**
 * Caretaker's table, what AWS does not keep:
 *
 * | pk                            | sk                             | item                |
 * |-------------------------------|--------------------------------|---------------------|
 * | `service#<cluster>/<service>` | `state`                        | `ServiceState`      |
 * | `service#<cluster>/<service>` | `digest#<digest>`              | `TriedDigest`       |
 * | `service#<cluster>/<service>` | `roll-out#<at>#<tag>#<digest>` | record of a push    |
 * | `service#<cluster>/<service>` | `missing-image#<generation>#<digest>` | `MissingImage`  |
 * | `tags-lost#<id>`              | `tags-lost#<at>#<number>`      | `TagsLost`: of an adopted resource, told once |
 * | `adopted`                     | `adopted#<id>`                 | `Adoption`: what was before `caretaker adopt` |
 * | `service#<cluster>/<service>` | `message#<sk of the record>`   | its Slack message   |
 * | `repository#<name>`           | `roll-out#…`                   | record of a push that no service follows |
 * | `environment`                 | `state`                        | `EnvironmentState`  |
 * | `alarms`                      | `<ARN>[#<contributor>]`        | `AlarmState`        |
 * | `alarm#<ARN>[#<contributor>]` | `alarm#<at>`                   | record of an episode of an alarm |
 * | `channel#<channel>`           | `still-red#<date>`             | `StillRed`: what is named again that day |
 * | `pipeline#<name>`             | `pipeline#<execution>`         | record of an execution of a pipeline |
 * | `control-plane`               | `failure#<at>#<execution>`     | record of a failure of Caretaker's own |
 * | `service#<cluster>/<service>` | `receipt#<at>#<id>`            | `Receipt` of an act; of the environment's under `environment` |
 * | `service#<cluster>/<service>` | `circuit`                      | `Circuit`           |
 * | `intent#<id>`                 | `intent`                       | `Intent` of a button |
 * | `signature#<signature>`       | `signature`                    | a request of Slack's that was taken; `event-<id>` an event |
 * | `sleep`                       | `resource#<id>`                | `Sleeper`: what is kept of what carries `caretaker:schedule` |
 * | `sleep`                       | `override#<from>#<id>`         | `Override`: awake or asleep until then |
 * | `sleep`                       | `override#visitor#<service>`   | `Override` that visitors of a service have asked for |
 * | `sleep`                       | `override#idle#<id>`           | `Override` of a resource that nobody uses; `budget#`: whose team's money is spent |
 * | `sleep`                       | `state`                        | `SleepState`        |
 * | `night#<team>`                | `night#<edge>`                 | `SleepRecord`: a night of what a team owns |
 * | `sleep-fact#<subject>`        | `sleep-fact#<fact>`            | `SleepFact`: told once |
 * | `savings#<team>`              | `savings#<Monday>`             | `SavingsRecord`: a week of what a team owns |
 * | `ledger`                      | `sleep#<day of its end>#<id>#<from>` | `LedgerEntry`: a sleep that is over |
 * | `tags`                        | `tag-case#<id>`                | `TagCase`: what is kept of something whose tags are watched |
 * | `tags`                        | `stack-maker#<ARN>`            | `StackMaker`: who has made a stack of CloudFormation |
 * | `tags`                        | `ci-session#<access key id>`   | `CiSession`: whose pipeline has begun a session |
 * | `tags`                        | `state`                        | `TagState`          |
 * | `tag-notice#<team>`           | `tag-notice#<step>#<of what>`  | `TagNotice`: told once |
 * | `tag-report#<team>`           | `tag-report#<day>`             | `TagReport`: how the tags of a team are |
 * | `budgets`                   | `budget-state#<name>`          | `BudgetState`       |
 * | `budget#<name>`             | `budget#<month>#<step>#<limit>` | `BudgetRecord`: told once |
 * | `anomaly#<id>`              | `anomaly#<id>`                 | `AnomalyRecord`: what AWS finds unusual in costs |
 * | `moves#<execution>`           | `moves#<number>`               | `Moves`: calls that an execution makes |
 * | `slack`                       | `state`                        | `SlackState`        |
 * | `slack`                       | `refusals`                     | `SlackRefusals`     |
 * | `held#<channel>`              | `held#<pk>#<sk of the record>` | `HeldMessage`       |
 */
export type Key = { pk: string; sk: string }

const STATE = 'state'
const ENVIRONMENT = 'environment'
const DIGEST = 'digest#'
const MESSAGE = 'message#'
export const ALARMS = 'alarms'
export const EPISODE = 'alarm#'
export const PIPELINE = 'pipeline#'
/** What the sort key of every record of what a channel has left red begins with. */
export const STILL_RED = 'still-red#'
const CONTROL_PLANE = 'control-plane'
export const FAILURE = 'failure#'
export const RECEIPT = 'receipt#'
const CIRCUIT = 'circuit'
/** The partition of everything that is kept of what sleeps: one query reads it. */
export const SLEEP = 'sleep'
const RESOURCE = 'resource#'
export const OVERRIDE = 'override#'
export const MOVES = 'moves#'
export const NIGHT = 'night#'
export const SLEEP_FACT = 'sleep-fact#'
/** The partition of every sleep that is over, by the day on which it ended (UTC). */
export const LEDGER = 'ledger'
const SLEPT = 'sleep#'
export const SAVINGS = 'savings#'
/** The partition of what is kept of budgets. */
export const BUDGETS = 'budgets'
const BUDGET_STATE = 'budget-state#'
/** What the keys of every record of a budget begin with. */
export const BUDGET = 'budget#'
/** What the keys of what AWS finds unusual in costs begin with. */
export const ANOMALY = 'anomaly#'
const INTENT = 'intent'
const SIGNATURE = 'signature'
const HELD = 'held#'
const SLACK = 'slack'
const REFUSALS = 'refusals'
/** What the sort key of every record of a roll-out begins with. */
export const ROLL_OUT = 'roll-out#'
/** What the sort key of every record of an image that is not there begins with. */
export const MISSING_IMAGE = 'missing-image#'

export const servicePartition = (service: string): string => `service#${service}`

/** @param service `<cluster>/<service>` */
export const stateKey = (service: string): Key => ({ pk: servicePartition(service), sk: STATE })
export const environmentKey: Key = { pk: ENVIRONMENT, sk: STATE }
export const digestKey = (service: string, digest: string): Key => ({
  pk: servicePartition(service),
  sk: `${DIGEST}${digest}`,
})

/** The sort key of a push's record: the push itself, so that a repeated event finds it. */
export const recordSortKey = ({ at, tag, digest }: { at: string; tag: string; digest: string }) =>
  `${ROLL_OUT}${at}#${tag}#${shortDigest(digest)}`

export const recordKey = (
  service: string,
  push: { at: string; tag: string; digest: string },
): Key => ({ pk: servicePartition(service), sk: recordSortKey(push) })

/** The record of a push that no service follows. */
export const unfollowedKey = (push: {
  repository: string
  at: string
  tag: string
  digest: string
}): Key => ({ pk: `repository#${push.repository}`, sk: recordSortKey(push) })

/** Told once for each roll-out (`generation`) of the image. */
export const missingImageKey = (service: string, generation: number, digest: string): Key => ({
  pk: servicePartition(service),
  sk: `${MISSING_IMAGE}${generation}#${shortDigest(digest)}`,
})

/** Where the Slack message of a record is noted, beside the record. */
export const messageKey = ({ pk, sk }: Key): Key => ({ pk, sk: `${MESSAGE}${sk}` })

/** The state of every alarm that was red lately. `subject`: its ARN, and `#` its contributor. */
export const alarmStateKey = (subject: string): Key => ({ pk: ALARMS, sk: subject })
export const episodeKey = (subject: string, at: string): Key => ({
  pk: `${EPISODE}${subject}`,
  sk: `${EPISODE}${at}`,
})
/** @param date in the environment's time zone: one record a day. */
export const stillRedKey = (channel: string, date: string): Key => ({
  pk: channelPartition(channel),
  sk: `${STILL_RED}${date}`,
})
export const channelPartition = (channel: string): string => `channel#${channel}`
export const pipelineKey = (name: string, execution: string): Key => ({
  pk: `${PIPELINE}${name}`,
  sk: `${PIPELINE}${execution}`,
})
export const failureKey = (at: string, execution: string): Key => ({
  pk: CONTROL_PLANE,
  sk: `${FAILURE}${at}#${execution}`,
})
/** @param service `<cluster>/<service>`; undefined for an act on the environment. */
export const receiptKey = (service: string | undefined, at: string, id: string): Key => ({
  pk: service === undefined ? ENVIRONMENT : servicePartition(service),
  sk: `${RECEIPT}${at}#${id}`,
})
export const circuitKey = (service: string): Key => ({
  pk: servicePartition(service),
  sk: CIRCUIT,
})
/** @param id of the resource: `domain/sleep/resource.ts`. */
export const sleeperKey = (id: string): Key => ({ pk: SLEEP, sk: `${RESOURCE}${id}` })
/** The id of the resource that a sleeper's sort key names. */
export const sleeperId = (sk: string): string => sk.slice(RESOURCE.length)
/** @param id of the act that asked for it. */
export const overrideKey = (from: string, id: string): Key => ({
  pk: SLEEP,
  sk: `${OVERRIDE}${from}#${id}`,
})
/** What visitors of a service have asked for: one item, however many come. */
export const visitKey = (service: string): Key => ({
  pk: SLEEP,
  sk: `${OVERRIDE}visitor#${service}`,
})
/** Because nobody uses it: one item for each resource, however often. @param id of the resource. */
export const idleKey = (id: string): Key => ({ pk: SLEEP, sk: `${OVERRIDE}idle#${id}` })
/** Because its team's money is spent: one item for each resource. @param id of the resource. */
export const budgetOrderKey = (id: string): Key => ({ pk: SLEEP, sk: `${OVERRIDE}budget#${id}` })
export const sleepStateKey: Key = { pk: SLEEP, sk: STATE }
/** @param edge when it sleeps by its schedule: ISO 8601. */
export const nightKey = (team: string, edge: string): Key => ({
  pk: `${NIGHT}${team}`,
  sk: `${NIGHT}${edge}`,
})
/** @param fact what makes it one: an instant, a value, the id of an act. */
export const sleepFactKey = (subject: string, fact: string): Key => ({
  pk: `${SLEEP_FACT}${subject}`,
  sk: `${SLEEP_FACT}${fact}`,
})
/** @param from when it fell asleep: with the resource, that names the sleep. */
export const ledgerKey = ({ resource, from, until }: Slept): Key => ({
  pk: LEDGER,
  sk: `${SLEPT}${until.slice(0, 10)}#${resource}#${from}`,
})
type Slept = { resource: string; from: string; until: string }
/** @param monday of the week: `2026-03-02`. */
export const savingsKey = (team: string, monday: string): Key => ({
  pk: `${SAVINGS}${team}`,
  sk: `${SAVINGS}${monday}`,
})
/** @param name of the budget in AWS. */
export const budgetStateKey = (name: string): Key => ({
  pk: BUDGETS,
  sk: `${BUDGET_STATE}${name}`,
})
/** @param fact the month, the step and the limit: told once. */
export const budgetKey = (name: string, fact: string): Key => ({
  pk: `${BUDGET}${name}`,
  sk: `${BUDGET}${fact}`,
})
/** @param id as AWS calls it: told once, however often AWS says it. */
export const anomalyKey = (id: string): Key => ({ pk: `${ANOMALY}${id}`, sk: `${ANOMALY}${id}` })
/** @param day from which on sleeps have ended: `2026-03-02`. */
export const ledgerSince = (day: string): string => `${SLEPT}${day}`
export const movesPartition = (execution: string): string => `${MOVES}${execution}`
/** @param number from 0; the machine counts them. */
export const movesKey = (execution: string, number: number): Key => ({
  pk: movesPartition(execution),
  sk: `${MOVES}${number}`,
})
export const intentKey = (id: string): Key => ({ pk: `${INTENT}#${id}`, sk: INTENT })
export const signatureKey = (signature: string): Key => ({
  pk: `${SIGNATURE}#${signature}`,
  sk: SIGNATURE,
})
export const slackKey: Key = { pk: SLACK, sk: STATE }
export const refusalsKey: Key = { pk: SLACK, sk: REFUSALS }
/** The summary of what was held for a channel since then; its message is noted beside it. */
export const summaryKey = (channel: string, name: string): Key => ({
  pk: heldPartition(channel),
  sk: `summary#${name}`,
})
export const heldPartition = (channel: string): string => `${HELD}${channel}`
export const heldKey = (channel: string, { pk, sk }: Key): Key => ({
  pk: heldPartition(channel),
  sk: `${HELD}${pk}#${sk}`,
})

/** Kinds by what their sort keys begin with, the first that fits. */
const BEGINNINGS = [
  [DIGEST, 'digest'],
  [MESSAGE, 'message'],
  [MISSING_IMAGE, 'missing-image'],
  [TAGS_LOST, 'tags-lost'],
  [ADOPTION, 'adoption'],
  [ROLL_OUT, 'roll-out'],
  [EPISODE, 'alarm'],
  [STILL_RED, 'still-red'],
  [PIPELINE, 'pipeline'],
  [FAILURE, 'failure'],
  [RECEIPT, 'receipt'],
  [HELD, 'held'],
  [RESOURCE, 'sleeper'],
  [OVERRIDE, 'override'],
  [MOVES, 'moves'],
  [NIGHT, 'sleep'],
  [SLEEP_FACT, 'sleep-fact'],
  [SLEPT, 'ledger-entry'],
  [SAVINGS, 'savings'],
  [TAG_CASE, 'tag-case'],
  [STACK_MAKER, 'stack-maker'],
  [CI_SESSION, 'ci-session'],
  [TAG_NOTICE, 'tag-notice'],
  [TAG_REPORT, 'tag-report'],
  [BUDGET_STATE, 'budget-state'],
  [BUDGET, 'budget'],
  [ANOMALY, 'anomaly'],
] as const

/** Kinds by their whole sort key. */
const WHOLE = {
  [CIRCUIT]: 'circuit',
  [INTENT]: 'intent',
  [SIGNATURE]: 'signature',
  [REFUSALS]: 'slack-refusals',
} as const

export type ItemKind =
  | 'environment'
  | 'service'
  | 'slack'
  | 'alarm-state'
  | 'sleep-state'
  | 'tag-state'
  | (typeof BEGINNINGS)[number][1]
  | (typeof WHOLE)[keyof typeof WHOLE]

/** What kind of item a key names; undefined for one that is not ours. */
export function itemKind({ pk, sk }: Key): ItemKind | undefined {
  if (pk === ALARMS) return 'alarm-state'
  if (pk === SLEEP && sk === STATE) return 'sleep-state'
  if (pk === TAG_CASES && sk === STATE) return 'tag-state'
  if (sk === STATE) return pk === ENVIRONMENT ? 'environment' : pk === SLACK ? 'slack' : 'service'
  if (Object.hasOwn(WHOLE, sk)) return WHOLE[sk as keyof typeof WHOLE]
  return BEGINNINGS.find(([beginning]) => sk.startsWith(beginning))?.[1]
}
