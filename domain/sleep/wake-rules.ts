import { isDeepStrictEqual } from 'node:util'
import { isWakePriority, wakePriority } from '../routes.ts'
import type { Sleeper, WakeRule } from '../table/sleeper.ts'
import type { Call } from './calls.ts'
import type { Needs } from './needs.ts'
import type { Rest } from './resource.ts'
import type { Known } from './steps.ts'

/** A rule of the load balancer's, as it stands there. */
export type ListenerRule = {
  arn: string
  listener: string
  priority: number
  /** As AWS takes them. */
  conditions: readonly object[]
  /** The ARNs of the target groups that it forwards to. */
  targets: readonly string[]
}

/** The environment's load balancer, as far as it leads visitors to what sleeps. */
export type Entrance = {
  /** The target group of the function that answers them. */
  group: string
  /** The target groups of the function that it is not in yet: this one, and that of sign-ins. */
  unregistered: readonly string[]
  /** The function's ARN. */
  answers: string
  rules: readonly ListenerRule[]
}

/** What rules are tagged with: the machine may delete only what carries the environment's name. */
export type RuleTags = readonly { Key: string; Value: string }[]

export type RuleChanges = {
  /** By the resource's id: what is asked of the load balancer for it. */
  calls: Map<string, Call[]>
  /** By the resource's id: what is kept of its rule from now on. */
  kept: Map<string, WakeRule | undefined>
  /** Rules that stand before nobody any more. */
  strays: Call[]
  /** Rules that stand lead to the page: the function that answers is in its target groups. */
  registers: Call[]
}

/** Asked so often, AWS has not made it twice. */
const REFUSED = 3

/**
 * Why there is no page for a service that sleeps; undefined while there may be one.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
export function noPageFor({ wakeRule, rest }: Sleeper): string | undefined {
  if (rest !== 'asleep' || wakeRule === undefined || wakeRule.tries < REFUSED) return undefined
  return `AWS has not made the rule that leads there, though it was asked ${wakeRule.tries - 1} times. The load balancer has ${wakeRule.rules ?? 'some'} rules; the quota "Rules per Application Load Balancer" is 100 unless more were asked for. It is asked again by and by; wakeOnRequest: false in the catalog asks for none`
}

/** AWS is asked again for a rule that it did not make, after a minute first, six hours last. */
const [PAUSE_MS, LONGEST_PAUSE_MS] = [60_000, 6 * 60 * 60_000]

/**
 * The rules that lead visitors to the page, brought to what they should be: one right before the
 * own rule of each service that sleeps, goes to sleep or wakes, with the same conditions; none
 * before one that is up. Everything is seen at the load balancer itself, so that a rule that was
 * left behind, or whose service has changed its path, is put right by the next look.
 *
 * @param goals where resources are sent by this look, by id.
 * @param isAsked whether a service has a page at all.
 * @param tagsOf what the rule of a service is tagged with.
 */
export function ruleChanges(
  { rules, ...entrance }: Entrance,
  scene: { known: readonly Known[]; goals: ReadonlyMap<string, Rest>; needs: Needs; now: Date },
  isAsked: (known: Known) => boolean,
  tagsOf: (known: Known) => RuleTags,
): RuleChanges {
  const changes: RuleChanges = {
    calls: new Map(),
    kept: new Map(),
    strays: [],
    registers: [],
  }
  const wake = rules.filter((rule) => isOurs(rule, entrance.group))
  const right = new Set<ListenerRule>()
  for (const known of scene.known) {
    const own = ownRule(known, rules, entrance.group)
    const place = placeOf(known, scene.goals.get(known.seen.id), isAsked(known))
    if (own === undefined || place === 'none') {
      if (known.kept.wakeRule !== undefined) changes.kept.set(known.seen.id, undefined)
      continue
    }
    const there = wake.find((rule) => isBefore(rule, own))
    if (there !== undefined) right.add(there)
    if (place === 'stays') continue
    const count = rules.length
    want(changes, known, { own, count, there, entrance, tags: tagsOf(known) }, scene)
  }
  for (const rule of wake) if (!right.has(rule)) changes.strays.push(remove(rule))
  if (right.size > 0) changes.registers.push(...registers(entrance))
  return changes
}

/** Whether it leads to the page, and none of the template's own does so from there. */
const isOurs = ({ targets, priority }: ListenerRule, group: string): boolean =>
  targets.includes(group) && isWakePriority(priority)

/** What came to rest lately is not read anew: its target groups are those that are kept. */
const targetsOf = ({ seen, kept }: Known): readonly string[] =>
  seen.targetGroups ?? kept.wakeRule?.targets ?? []

function ownRule(known: Known, rules: readonly ListenerRule[], group: string) {
  const own = targetsOf(known)
  return rules.find(
    ({ targets }) => !targets.includes(group) && targets.some((one) => own.includes(one)),
  )
}

const isBefore = (rule: ListenerRule, own: ListenerRule): boolean =>
  rule.listener === own.listener && rule.priority === wakePriority(own.priority)

/** `stays`: it is not put there, but is not taken away before the service is up. */
function placeOf(
  { seen, kept }: Known,
  sent: Rest | undefined,
  isAsked: boolean,
): 'wanted' | 'stays' | 'none' {
  const goal = sent ?? kept.moving?.to
  const isUp = seen.phase === 'up'
  if (isUp && goal !== 'asleep') return 'none'
  const sleeps = goal === 'asleep' || kept.rest === 'asleep' || goal === 'awake'
  return isAsked && sleeps && seen.refuses === undefined ? 'wanted' : 'stays'
}

function want(
  changes: RuleChanges,
  known: Known,
  rule: Wanted & { there: ListenerRule | undefined },
  { needs, now }: { needs: Needs; now: Date },
): void {
  const { id } = known.seen
  const { wakeRule } = known.kept
  const facts = { needs: [...(needs.get(id) ?? [])], targets: [...targetsOf(known)] }
  const { there, own } = rule
  if (there !== undefined && isDeepStrictEqual(there.conditions, own.conditions)) {
    const { needs: needed, targets, tries = 0 } = wakeRule ?? {}
    if (isDeepStrictEqual({ needs: needed, targets }, facts) && tries < REFUSED) return
    changes.kept.set(id, { ...facts, tries: Math.min(tries, 1) })
    return
  }
  if (wakeRule?.again !== undefined && Date.parse(wakeRule.again) > now.getTime()) return
  const tries = (wakeRule?.tries ?? 0) + 1
  const pause = Math.min(PAUSE_MS * 4 ** (tries - 1), LONGEST_PAUSE_MS)
  const again = new Date(now.getTime() + pause).toISOString()
  changes.kept.set(id, { ...facts, tries, again, rules: rule.count })
  // A number is given once: what stands there, for a path that the service had, goes first.
  changes.calls.set(id, [...(there === undefined ? [] : [remove(there)]), ...create(rule)])
}

type Wanted = {
  own: ListenerRule
  count: number
  entrance: Omit<Entrance, 'rules'>
  tags: RuleTags
}

function create({ own, entrance, tags }: Wanted): Call[] {
  const { group } = entrance
  return [
    ...registers(entrance),
    {
      call: 'CreateRule',
      arguments: {
        ListenerArn: own.listener,
        Priority: wakePriority(own.priority),
        Conditions: [...own.conditions],
        Actions: [{ Type: 'forward', TargetGroupArn: group }],
        Tags: [...tags],
      },
    },
  ]
}

const registers = ({ unregistered, answers }: Wanted['entrance']): Call[] =>
  unregistered.map((TargetGroupArn) => ({
    call: 'RegisterTargets',
    arguments: { TargetGroupArn, Targets: [{ Id: answers }] },
  }))

const remove = ({ arn }: ListenerRule): Call => ({
  call: 'DeleteRule',
  arguments: { RuleArn: arn },
})
