import type {
  CreateListenerInput,
  DeleteListenerInput,
  DescribeListenersInput,
  ModifyListenerInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { checkActions, told, withSecrets } from './actions.ts'
import { validation } from './conditions.ts'
import type { Balancing, Listener } from './model.ts'
import { ruleOperations, rulesOf } from './rules.ts'

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
      const DefaultActions =
        changes.DefaultActions && withSecrets(changes.DefaultActions, listener.shape.DefaultActions)
      const at = { ...listener.shape, ...changes, ...(DefaultActions && { DefaultActions }) }
      if (DefaultActions !== undefined) checkActions(balancing, at, DefaultActions)
      checkCertificate(at)
      checkPort(balancing, at, listener.arn)
      listener.shape = at
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

function createListener(balancing: Balancing, { Tags, ...shape }: CreateListenerInput) {
  const balancer = balancing.balancer(shape.LoadBalancerArn)
  checkActions(balancing, shape, shape.DefaultActions)
  checkCertificate(shape)
  checkPort(balancing, shape)
  const id = balancing.aws.world.random.hex('elb/listener', 16)
  const arn = `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${id}`
  const listener: Listener = { arn, shape, tags: tagsFrom(Tags) }
  balancing.listeners.set(arn, listener)
  return { Listeners: [describeListener(listener)] }
}

/** @throws AwsError ValidationError when what is encrypted has nothing to prove who it is. */
function checkCertificate({ Protocol, Certificates = [] }: Listener['shape']): void {
  if (!['HTTPS', 'TLS'].includes(Protocol ?? '') || Certificates.length > 0) return
  throw validation(`A certificate must be specified for ${Protocol} listeners`)
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
  ...clone({ ...shape, DefaultActions: told(shape.DefaultActions) }),
})
