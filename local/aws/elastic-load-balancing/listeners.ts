import type {
  CreateListenerInput,
  CreateRuleInput,
  DeleteListenerInput,
  DeleteRuleInput,
  DescribeListenersInput,
  DescribeRulesInput,
  ModifyListenerInput,
  ModifyRuleInput,
  SetRulePrioritiesInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { Balancing, Listener, ListenerRule } from './model.ts'
import { checkActions } from './model.ts'

/** Listeners and their rules. */
export function listenerOperations(balancing: Balancing) {
  return {
    CreateListener: (input: CreateListenerInput) => createListener(balancing, input),
    DescribeListeners: (input: DescribeListenersInput) => {
      for (const arn of input.ListenerArns ?? []) balancing.listener(arn)
      const { LoadBalancerArn: of, ListenerArns: arns } = input
      if (of !== undefined) balancing.balancer(of)
      const all = [...balancing.listeners.values()].filter(
        ({ arn, shape }) =>
          (arns?.includes(arn) ?? true) && (of ?? shape.LoadBalancerArn) === shape.LoadBalancerArn,
      )
      const limit = input.PageSize ?? 400
      const { items, next } = page(all, { token: input.Marker, limit, invalid: 'ValidationError' })
      const marker = next === undefined ? {} : { NextMarker: next }
      return { Listeners: items.map(describeListener), ...marker }
    },
    ModifyListener: ({ ListenerArn, ...changes }: ModifyListenerInput) => {
      const listener = balancing.listener(ListenerArn)
      checkActions(balancing, changes.DefaultActions)
      checkPort(balancing, { ...listener.shape, ...changes }, listener.arn)
      listener.shape = { ...listener.shape, ...changes }
      return { Listeners: [describeListener(listener)] }
    },
    DeleteListener: ({ ListenerArn }: DeleteListenerInput) => {
      const { arn } = balancing.listener(ListenerArn)
      balancing.listeners.delete(arn)
      for (const rule of rulesOf(balancing, arn)) balancing.rules.delete(rule.arn)
      return {}
    },
    ...ruleOperations(balancing),
  }
}

function ruleOperations(balancing: Balancing) {
  return {
    CreateRule: (input: CreateRuleInput) => createRule(balancing, input),
    DescribeRules: ({ ListenerArn, RuleArns, Marker, PageSize }: DescribeRulesInput) => {
      for (const arn of RuleArns ?? []) balancing.rule(arn)
      const all = RuleArns
        ? RuleArns.map((arn) => clone(balancing.rule(arn).shape))
        : allRules(balancing, balancing.listener(ListenerArn))
      const limit = PageSize ?? 400
      const { items, next } = page(all, { token: Marker, limit, invalid: 'ValidationError' })
      return { Rules: items, ...(next === undefined ? {} : { NextMarker: next }) }
    },
    ModifyRule: ({ RuleArn, ...changes }: ModifyRuleInput) => {
      const rule = balancing.rule(RuleArn)
      checkActions(balancing, changes.Actions)
      const { ResetTransforms: _, ...shape } = changes
      rule.shape = { ...rule.shape, ...shape }
      return { Rules: [clone(rule.shape)] }
    },
    DeleteRule: ({ RuleArn }: DeleteRuleInput) => {
      balancing.rules.delete(balancing.rule(RuleArn).arn)
      return {}
    },
    SetRulePriorities: ({ RulePriorities = [] }: SetRulePrioritiesInput) => ({
      Rules: RulePriorities.map(({ RuleArn, Priority = 0 }) => {
        const { shape } = balancing.rule(RuleArn)
        shape.Priority = String(Priority)
        return clone(shape)
      }),
    }),
  }
}

function createListener(balancing: Balancing, { Tags, ...shape }: CreateListenerInput) {
  const balancer = balancing.balancer(shape.LoadBalancerArn)
  checkActions(balancing, shape.DefaultActions)
  checkPort(balancing, shape)
  const id = balancing.aws.world.random.hex('elb/listener', 16)
  const arn = `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${id}`
  const listener: Listener = { arn, shape, tags: tagsFrom(Tags) }
  balancing.listeners.set(arn, listener)
  return { Listeners: [describeListener(listener)] }
}

/** @throws AwsError when a listener other than this one has the port. */
function checkPort({ listeners }: Balancing, shape: Listener['shape'], own?: string): void {
  const taken = [...listeners.values()].some(
    (other) =>
      other.arn !== own &&
      other.shape.LoadBalancerArn === shape.LoadBalancerArn &&
      other.shape.Port === shape.Port,
  )
  if (!taken) return
  throw new AwsError(
    'DuplicateListenerException',
    'A listener already exists on this port for this load balancer',
  )
}

const describeListener = ({ arn, shape }: Listener) => ({
  ListenerArn: arn,
  ...clone(shape),
})

const rulesOf = ({ rules }: Balancing, listenerArn: string): ListenerRule[] =>
  [...rules.values()].filter((rule) => rule.listenerArn === listenerArn)

/** A listener's rules in the order they are tried, the default one last. */
function allRules(balancing: Balancing, { arn, shape }: Listener) {
  const rules = rulesOf(balancing, arn)
    .map((rule) => clone(rule.shape))
    .toSorted((a, b) => Number(a.Priority) - Number(b.Priority))
  const RuleArn = `${arn.replace(':listener/', ':listener-rule/')}/default`
  const Actions = clone(shape.DefaultActions)
  return [...rules, { RuleArn, Priority: 'default', Conditions: [], Actions, IsDefault: true }]
}

function createRule(balancing: Balancing, input: CreateRuleInput) {
  const { Tags, ListenerArn, Priority = 0, ...given } = input
  const { arn: listenerArn } = balancing.listener(ListenerArn)
  checkActions(balancing, given.Actions)
  const taken = rulesOf(balancing, listenerArn).some(
    ({ shape }) => shape.Priority === String(Priority),
  )
  if (taken) {
    throw new AwsError('PriorityInUseException', `Priority '${Priority}' is currently in use`)
  }
  const id = balancing.aws.world.random.hex('elb/rule', 16)
  const arn = `${listenerArn.replace(':listener/', ':listener-rule/')}/${id}`
  const shape = { RuleArn: arn, Priority: String(Priority), ...given, IsDefault: false }
  balancing.rules.set(arn, { arn, listenerArn, shape, tags: tagsFrom(Tags) })
  return { Rules: [clone(shape)] }
}
