import type {
  Action,
  FixedResponseActionConfig,
  RedirectActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { AwsError, NotImplemented } from '../errors.ts'
import { validation } from './conditions.ts'
import { type Balancing, groupsOf, type Listener } from './model.ts'

/** What ends the evaluation; a rule has exactly one, as its last action. */
const LAST = ['forward', 'redirect', 'fixed-response']
const BEFORE = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation']

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_GROUPS = 5
const LARGEST_BODY = 1_024
const LARGEST_WEIGHT = 999

const CONTENT_TYPES = [
  'text/plain',
  'text/css',
  'text/html',
  'application/javascript',
  'application/json',
]

/** In the order in which they are taken. */
export const inOrder = (actions: readonly Action[] = []): Action[] =>
  actions.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0))

type At = Pick<Listener['shape'], 'LoadBalancerArn' | 'Protocol'>

/**
 * The actions of a rule or a listener, as they are allowed there.
 *
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 *
 * @throws AwsError
 */
export function checkActions(
  balancing: Balancing,
  { LoadBalancerArn = '', Protocol }: At,
  actions: readonly Action[] = [],
): void {
  for (const arn of actions.flatMap(groupsOf)) balancing.group(arn)
  checkOrder(actions)
  for (const action of actions) {
    if (BEFORE.includes(action.Type ?? '')) checkLogin(action, Protocol)
    if (action.Type === 'redirect') checkRedirect(action.RedirectConfig)
    if (action.Type === 'fixed-response') checkFixed(action.FixedResponseConfig)
    if (action.Type === 'forward') checkForward(balancing, action, LoadBalancerArn)
  }
}

function checkOrder(actions: readonly Action[]): void {
  const types = inOrder(actions).map(({ Type = '' }) => Type)
  const wrong = types.findIndex((type) => ![...LAST, ...BEFORE].includes(type))
  if (wrong >= 0) {
    throw validation(
      `1 validation error detected: Value '${types[wrong]}' at 'actions.${wrong + 1}.member.type' failed to satisfy constraint: Member must satisfy enum value set: [${[...LAST, ...BEFORE].join(', ')}]`,
    )
  }
  if (types.filter((type) => LAST.includes(type)).length !== 1) {
    throw invalidAction(`A rule must have exactly one action of the types ${LAST.join(', ')}`)
  }
  if (!LAST.includes(types.at(-1) ?? '')) {
    throw invalidAction(`The last action must be of one of the types ${LAST.join(', ')}`)
  }
}

/** People log in, and tokens come, over encrypted connections only. */
function checkLogin({ Type, AuthenticateOidcConfig: oidc }: Action, protocol?: string): void {
  if (protocol !== 'HTTPS') {
    throw invalidAction(`The action type '${Type}' is only supported on HTTPS listeners`)
  }
  if (Type !== 'authenticate-oidc') throw new NotImplemented(`the action type ${Type}`)
  const needed = ['AuthorizationEndpoint', 'ClientId', 'Issuer', 'TokenEndpoint'] as const
  for (const member of [...needed, 'UserInfoEndpoint' as const]) {
    if (!oidc?.[member]) throw validation(`An authenticate-oidc action must have ${member}`)
  }
  const { OnUnauthenticatedRequest: otherwise = 'authenticate', SessionTimeout } = oidc ?? {}
  if (!['deny', 'allow', 'authenticate'].includes(otherwise)) {
    throw validation(`OnUnauthenticatedRequest '${otherwise}' must be deny, allow or authenticate`)
  }
  const seconds = Number(SessionTimeout ?? LONGEST_SESSION)
  if (!(seconds >= 1 && seconds <= LONGEST_SESSION)) {
    throw validation(`SessionTimeout '${seconds}' must be between 1 and ${LONGEST_SESSION}`)
  }
  if (!oidc?.ClientSecret) {
    throw validation('An authenticate-oidc action must have ClientSecret when a rule is created')
  }
}

/** Seven days, in seconds. */
const LONGEST_SESSION = 604_800

/**
 * The actions of a rule that is modified: `UseExistingClientSecret` stands for the secret that the
 * rule has, which nobody can read.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
 */
export function withSecrets(actions: readonly Action[], before: readonly Action[] = []): Action[] {
  const kept = before.find(({ Type }) => Type === 'authenticate-oidc')?.AuthenticateOidcConfig
  return actions.map((action) => {
    const { AuthenticateOidcConfig: oidc } = action
    if (oidc?.UseExistingClientSecret !== true) return action
    const { UseExistingClientSecret: _, ...rest } = oidc
    const secret = kept?.ClientSecret === undefined ? {} : { ClientSecret: kept.ClientSecret }
    return { ...action, AuthenticateOidcConfig: { ...rest, ...secret } }
  })
}

/** Actions as they are told: nobody reads a secret. */
export const told = (actions: readonly Action[] = []): Action[] =>
  actions.map((action) => {
    if (action.AuthenticateOidcConfig === undefined) return action
    const { ClientSecret: _, ...rest } = action.AuthenticateOidcConfig
    return { ...action, AuthenticateOidcConfig: rest }
  })

function checkRedirect(redirect: RedirectActionConfig | undefined): void {
  const { StatusCode, Protocol, Port, Host, Path } = redirect ?? { StatusCode: undefined }
  if (StatusCode !== 'HTTP_301' && StatusCode !== 'HTTP_302') {
    throw validation('A redirect action must have the status code HTTP_301 or HTTP_302')
  }
  const same: [string, string | undefined][] = [
    ['#{protocol}', Protocol],
    ['#{port}', Port],
    ['#{host}', Host],
    ['/#{path}', Path],
  ]
  if (same.some(([own, asked]) => asked !== undefined && asked !== own)) return
  throw invalidAction(
    'The redirect configuration is not valid because it creates a loop. Change at least one of protocol, port, host, or path.',
  )
}

function checkFixed(fixed: FixedResponseActionConfig | undefined): void {
  const { StatusCode = '', ContentType, MessageBody = '' } = fixed ?? {}
  if (!/^[245]\d\d$/.test(StatusCode)) {
    throw validation(
      `1 validation error detected: Value '${StatusCode}' at 'actions.1.member.fixedResponseConfig.statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(2|4|5)\\d\\d$`,
    )
  }
  if (ContentType !== undefined && !CONTENT_TYPES.includes(ContentType)) {
    throw validation(`The content type '${ContentType}' must be one of ${CONTENT_TYPES.join(', ')}`)
  }
  if (Buffer.byteLength(MessageBody) > LARGEST_BODY) {
    throw validation(
      `1 validation error detected: Value at 'actions.1.member.fixedResponseConfig.messageBody' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST_BODY}`,
    )
  }
}

function checkForward(balancing: Balancing, action: Action, balancerArn: string): void {
  const groups = [...new Set(groupsOf(action))]
  if (groups.length === 0) throw validation('A forward action must have a target group')
  if (groups.length > MOST_GROUPS) {
    throw new AwsError(
      'TooManyTargetGroupsException',
      `A forward action can have at most ${MOST_GROUPS} target groups`,
    )
  }
  const weights = (action.ForwardConfig?.TargetGroups ?? []).map(({ Weight = 1 }) => Weight)
  if (weights.some((weight) => weight < 0 || weight > LARGEST_WEIGHT)) {
    throw validation(`The weight of a target group must be between 0 and ${LARGEST_WEIGHT}`)
  }
  const taken = groups.find((arn) => balancing.balancersOf(arn).some((one) => one !== balancerArn))
  if (taken === undefined) return
  throw new AwsError(
    'TargetGroupAssociationLimitException',
    `The following target groups cannot be associated with more than one load balancer: ${taken}`,
  )
}

const invalidAction = (message: string): AwsError =>
  new AwsError('InvalidLoadBalancerActionException', message)
