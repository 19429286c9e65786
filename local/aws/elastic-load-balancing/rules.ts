import type {
  CreateRuleInput,
  DeleteRuleInput,
  DescribeRulesInput,
  ModifyRuleInput,
  Rule,
  SetRulePrioritiesInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { checkActions, told, withSecrets } from './actions.ts'
import { checkConditions, validation } from './conditions.ts'
import type { Balancing, Listener, ListenerRule } from './model.ts'

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_RULES = 100
const LARGEST_PRIORITY = 50_000

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
export function ruleOperations(balancing: Balancing) {
  return {
    CreateRule: (input: CreateRuleInput) => createRule(balancing, input),
    DescribeRules: (input: DescribeRulesInput) => describeRules(balancing, input),
    ModifyRule: (input: ModifyRuleInput) => modifyRule(balancing, input),
    DeleteRule: ({ RuleArn }: DeleteRuleInput) => {
      refuseDefault(RuleArn, 'deleted')
      balancing.rules.delete(balancing.rule(RuleArn).arn)
      return {}
    },
    // Of all that it limits, what is limited here.
    DescribeAccountLimits: () => ({
      Limits: [{ Name: 'rules-per-application-load-balancer', Max: String(MOST_RULES) }],
    }),
    SetRulePriorities: (input: SetRulePrioritiesInput) => setPriorities(balancing, input),
  }
}

export const rulesOf = ({ rules }: Balancing, listenerArn: string): ListenerRule[] =>
  [...rules.values()].filter((rule) => rule.listenerArn === listenerArn)

/** A listener's rules in the order they are tried, the default one last. */
export function rulesInOrder(balancing: Balancing, listener: Listener): Rule[] {
  const rules = rulesOf(balancing, listener.arn)
    .map((rule) => clone(rule.shape))
    .toSorted((a, b) => Number(a.Priority) - Number(b.Priority))
  return [...rules, defaultRule(listener)]
}

function defaultRule({ arn, shape }: Listener): Rule {
  const RuleArn = `${arn.replace(':listener/', ':listener-rule/')}/default`
  const Actions = clone(shape.DefaultActions)
  return { RuleArn, Priority: 'default', Conditions: [], Actions, IsDefault: true }
}

/** A rule as it is told. */
const tell = (shape: Rule): Rule => clone({ ...shape, Actions: told(shape.Actions) })

const isDefault = (arn = ''): boolean => arn.endsWith('/default')

function refuseDefault(arn: string | undefined, done: string): void {
  if (!isDefault(arn)) return
  const message = `Default rule '${arn}' cannot be ${done}`
  throw new AwsError('OperationNotPermittedException', message)
}

function describeRules(balancing: Balancing, input: DescribeRulesInput) {
  const { ListenerArn, RuleArns, Marker, PageSize } = input
  if (RuleArns === undefined && ListenerArn === undefined) {
    throw validation('You must specify either listener rule ARNs or a listener ARN')
  }
  if (RuleArns !== undefined && ListenerArn !== undefined) {
    throw validation('Listener rule ARNs and a listener ARN cannot be specified at the same time')
  }
  const all = RuleArns
    ? RuleArns.map((arn) => ruleShape(balancing, arn))
    : rulesInOrder(balancing, balancing.listener(ListenerArn))
  const limit = PageSize ?? 400
  const { items, next } = page(all, { token: Marker, limit, invalid: 'ValidationError' })
  return { Rules: items.map(tell), ...(next === undefined ? {} : { NextMarker: next }) }
}

function ruleShape(balancing: Balancing, arn: string): Rule {
  if (!isDefault(arn)) return clone(balancing.rule(arn).shape)
  const found = [...balancing.listeners.values()].map(defaultRule)
  // An unknown one is refused like any other.
  return found.find(({ RuleArn }) => RuleArn === arn) ?? balancing.rule(arn).shape
}

function createRule(balancing: Balancing, input: CreateRuleInput) {
  const { Tags, ListenerArn, Priority, ...given } = input
  const { arn: listenerArn, shape: at } = balancing.listener(ListenerArn)
  checkPriority(Priority)
  checkConditions(given.Conditions)
  checkActions(balancing, at, given.Actions)
  refuseTaken(balancing, listenerArn, Priority)
  const listeners = [...balancing.listeners.values()].filter(
    ({ shape }) => shape.LoadBalancerArn === at.LoadBalancerArn,
  )
  if (listeners.flatMap(({ arn }) => rulesOf(balancing, arn)).length >= MOST_RULES) {
    throw new AwsError(
      'TooManyRulesException',
      `The maximum number of rules on load balancer '${at.LoadBalancerArn}' has been reached`,
    )
  }
  const id = balancing.aws.world.random.hex('elb/rule', 16)
  const arn = `${listenerArn.replace(':listener/', ':listener-rule/')}/${id}`
  const shape = { RuleArn: arn, Priority: String(Priority), ...given, IsDefault: false }
  balancing.rules.set(arn, { arn, listenerArn, shape, tags: tagsFrom(Tags) })
  return { Rules: [tell(shape)] }
}

function checkPriority(priority: number | undefined): void {
  if (priority !== undefined && priority >= 1 && priority <= LARGEST_PRIORITY) return
  const limit =
    (priority ?? 0) < 1 ? 'greater than or equal to 1' : `less than or equal to ${LARGEST_PRIORITY}`
  throw validation(
    `1 validation error detected: Value '${priority}' at 'priority' failed to satisfy constraint: Member must have value ${limit}`,
  )
}

function refuseTaken(
  balancing: Balancing,
  listenerArn: string,
  priority: number | undefined,
  except: readonly string[] = [],
): void {
  const taken = rulesOf(balancing, listenerArn).some(
    ({ arn, shape }) => shape.Priority === String(priority) && !except.includes(arn),
  )
  if (!taken) return
  throw new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`)
}

/** What is not given stays. */
function modifyRule(
  balancing: Balancing,
  { RuleArn, ResetTransforms: _, ...changes }: ModifyRuleInput,
) {
  refuseDefault(RuleArn, 'modified')
  const rule = balancing.rule(RuleArn)
  const { Conditions, Transforms } = changes
  const Actions = changes.Actions && withSecrets(changes.Actions, rule.shape.Actions)
  if (Conditions === undefined && Actions === undefined && Transforms === undefined) {
    throw validation('Either conditions or actions must be specified')
  }
  if (Conditions !== undefined) checkConditions(Conditions)
  if (Actions !== undefined) {
    checkActions(balancing, balancing.listener(rule.listenerArn).shape, Actions)
  }
  rule.shape = { ...rule.shape, ...changes, ...(Actions && { Actions }) }
  return { Rules: [tell(rule.shape)] }
}

/** All at once or none: two rules can change places. */
function setPriorities(balancing: Balancing, { RulePriorities = [] }: SetRulePrioritiesInput) {
  const asked = RulePriorities.map(({ RuleArn, Priority }) => {
    refuseDefault(RuleArn, 'modified')
    checkPriority(Priority)
    return { rule: balancing.rule(RuleArn), Priority }
  })
  const doubled = asked.find(
    ({ rule, Priority }, index) =>
      asked.findIndex(
        (other) => other.Priority === Priority && other.rule.listenerArn === rule.listenerArn,
      ) !== index,
  )
  if (doubled !== undefined) {
    throw validation(`Priority '${doubled.Priority}' was provided multiple times`)
  }
  const moved = asked.map(({ rule }) => rule.arn)
  for (const { rule, Priority } of asked) refuseTaken(balancing, rule.listenerArn, Priority, moved)
  return {
    Rules: asked.map(({ rule, Priority }) => {
      rule.shape.Priority = String(Priority)
      return tell(rule.shape)
    }),
  }
}
