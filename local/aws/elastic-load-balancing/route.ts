import type {
  Action,
  AuthenticateOidcActionConfig,
  RedirectActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { inOrder } from './actions.ts'
import { fits } from './conditions.ts'
import { type BalancedAnswer, type BalancedRequest, errorPage, ownAnswer } from './http.ts'
import type { Balancer, Balancing, Group } from './model.ts'
import { rulesInOrder } from './rules.ts'

/** Where a request goes, or what the load balancer answers itself, and why. */
export type Routed =
  | { to: 'target'; group: Group; address: string; port: number }
  | { to: 'function'; group: Group; arn: string; signed?: BalancedRequest['headers'] }
  /** Back from the identity provider: the load balancer asks it who this is. */
  | { to: 'sign-in'; oidc: AuthenticateOidcActionConfig }
  | { to: 'nobody'; answer: BalancedAnswer; why: string }
  /** Nothing listens at the port. */
  | { to: 'nowhere'; why: string }

/**
 * Takes a request through the rules of the listener: the first that fits decides, whatever is
 * behind it. A network load balancer has but one action and no rules.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export function route(balancing: Balancing, balancer: Balancer, request: BalancedRequest): Routed {
  const listener = [...balancing.listeners.values()].find(
    ({ shape }) => shape.LoadBalancerArn === balancer.arn && shape.Port === request.port,
  )
  if (listener === undefined) {
    const { DNSName } = balancer.shape
    return {
      to: 'nowhere',
      why: `connection refused: ${DNSName} has no listener on port ${request.port}`,
    }
  }
  const rules = rulesInOrder(balancing, listener)
  const rule = rules.find(({ Conditions = [] }) => fits(Conditions, request))
  return act(balancing, inOrder(rule?.Actions), request)
}

/** Rules are not made without one. */
const NO_PROVIDER: AuthenticateOidcActionConfig = {
  Issuer: '',
  AuthorizationEndpoint: '',
  TokenEndpoint: '',
  UserInfoEndpoint: '',
  ClientId: '',
}

function act(
  balancing: Balancing,
  [action, ...rest]: readonly Action[],
  request: BalancedRequest,
): Routed {
  if (action === undefined) return { to: 'nobody', answer: errorPage(503), why: 'no action' }
  const { FixedResponseConfig: fixed, RedirectConfig: redirect } = action
  if (action.Type === 'authenticate-oidc') {
    const met = balancing.signIns.meet(action.AuthenticateOidcConfig ?? NO_PROVIDER, request)
    if (met.is === 'back') return { to: 'sign-in', oidc: met.oidc }
    if (met.is === 'answered') {
      return { to: 'nobody', answer: met.answer, why: 'nobody is signed in' }
    }
    const routed = act(balancing, rest, request)
    return routed.to === 'function' ? { ...routed, signed: met.headers } : routed
  }
  if (action.Type === 'fixed-response') {
    const type = fixed?.ContentType === undefined ? {} : { 'content-type': fixed.ContentType }
    const answer = ownAnswer(Number(fixed?.StatusCode), fixed?.MessageBody ?? '', type)
    return { to: 'nobody', answer, why: `a fixed response is the action for ${request.path}` }
  }
  if (action.Type === 'redirect') {
    return { to: 'nobody', answer: redirected(redirect, request), why: 'the action is a redirect' }
  }
  return forward(balancing, action)
}

/**
 * One group is drawn by weight, and then it stays: an empty one answers 503 and no other group is
 * asked. Targets that are all unhealthy are asked all the same.
 *
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
function forward(balancing: Balancing, { TargetGroupArn, ForwardConfig }: Action): Routed {
  const { random } = balancing.aws.world
  const weighted = (ForwardConfig?.TargetGroups ?? []).filter(({ Weight = 1 }) => Weight > 0)
  const groups = weighted.flatMap((one) =>
    Array.from({ length: weighted.length > 1 ? (one.Weight ?? 1) : 1 }, () => one.TargetGroupArn),
  )
  if (groups.length === 0 && ForwardConfig === undefined) groups.push(TargetGroupArn)
  const draw = groups.length > 1 ? Math.floor(random.next('elb/forward') * groups.length) : 0
  const group = balancing.groups.get(groups[draw] ?? '')
  const targets = [...(group?.targets.values() ?? [])].filter(({ state }) => state !== 'draining')
  const healthy = targets.filter(({ state }) => state === 'healthy')
  const candidates = healthy.length > 0 ? healthy : targets
  const chosen =
    candidates.length > 1 ? Math.floor(random.next('elb/target') * candidates.length) : 0
  const target = candidates[chosen]
  if (group === undefined || target === undefined) {
    return { to: 'nobody', answer: errorPage(503), why: 'the target group has no target' }
  }
  return group.shape.TargetType === 'lambda'
    ? { to: 'function', group, arn: target.id }
    : { to: 'target', group, address: target.id, port: target.port }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions */
function redirected(
  redirect: RedirectActionConfig | undefined,
  { secure, host, port, path, query }: BalancedRequest,
): BalancedAnswer {
  const own: Record<string, string> = {
    protocol: secure ? 'https' : 'http',
    host,
    port: String(port),
    path: path.slice(1),
    query,
  }
  const filled = (asked: string | undefined, usual: string): string =>
    (asked ?? usual).replace(/#\{(\w+)\}/g, (all, name: string) => own[name] ?? all)
  const protocol = filled(redirect?.Protocol, '#{protocol}').toLowerCase()
  const at = `${filled(redirect?.Host, '#{host}')}:${filled(redirect?.Port, '#{port}')}`
  const asked = filled(redirect?.Query, '#{query}')
  const location = `${protocol}://${at}${filled(redirect?.Path, '/#{path}')}${asked && `?${asked}`}`
  return ownAnswer(redirect?.StatusCode === 'HTTP_301' ? 301 : 302, '', { location })
}
