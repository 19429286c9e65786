import type {
  CanaryConfiguration,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  LinearConfiguration,
  LoadBalancer,
} from '@aws-sdk/client-ecs'
import { NotImplemented } from '../errors.ts'
import { refuse } from './find.ts'

/** A step of production traffic: percent that the new revision has, and minutes until the next. */
type Step = { percent: number; minutes: number }

/** Minutes. */
const LONGEST_BAKE = 1_440
const MOST_HOOKS = 10

export const shiftsTraffic = ({ strategy = 'ROLLING' }: DeploymentConfiguration): boolean =>
  strategy !== 'ROLLING'

/**
 * The steps in which production traffic is shifted; the last one has no wait of its own.
 *
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 */
export function stepsOf(configuration: DeploymentConfiguration): Step[] {
  const { strategy, canaryConfiguration, linearConfiguration } = configuration
  const last = { percent: 100, minutes: 0 }
  if (strategy === 'CANARY') {
    const { canaryPercent: percent = 5, canaryBakeTimeInMinutes: minutes = 10 } =
      canaryConfiguration ?? {}
    return percent >= 100 ? [last] : [{ percent, minutes }, last]
  }
  if (strategy === 'LINEAR') {
    const { stepPercent = 10, stepBakeTimeInMinutes: minutes = 6 } = linearConfiguration ?? {}
    const count = Math.ceil(100 / stepPercent)
    const before = Array.from({ length: count - 1 }, (_, index) => ({
      percent: Math.round(stepPercent * (index + 1) * 10) / 10,
      minutes,
    }))
    return [...before, last]
  }
  return [last]
}

/**
 * What a deployment strategy asks of a service. Words as in
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html;
 * those that are not there are not recorded anywhere.
 *
 * @param hooks those that are given; without effect are those of a strategy before.
 * @throws AwsError InvalidParameterException
 */
export function checkStrategy(
  configuration: DeploymentConfiguration,
  hooks: readonly DeploymentLifecycleHook[],
  loadBalancers: readonly LoadBalancer[],
): void {
  const { strategy = 'ROLLING', canaryConfiguration, linearConfiguration } = configuration
  checkLoadBalancers(strategy, loadBalancers)
  checkHooks(strategy, hooks)
  checkMinutes('bakeTimeInMinutes', configuration.bakeTimeInMinutes)
  if (strategy === 'CANARY') checkCanary(canaryConfiguration)
  if (strategy === 'LINEAR') checkLinear(linearConfiguration)
}

function checkCanary({ canaryPercent, canaryBakeTimeInMinutes }: CanaryConfiguration = {}): void {
  checkPercent('canaryPercent', canaryPercent, 0.1)
  checkMinutes('canaryBakeTimeInMinutes', canaryBakeTimeInMinutes)
}

function checkLinear({ stepPercent, stepBakeTimeInMinutes }: LinearConfiguration = {}): void {
  checkPercent('stepPercent', stepPercent, 3)
  checkMinutes('stepBakeTimeInMinutes', stepBakeTimeInMinutes)
}

function checkPercent(name: string, percent: number | undefined, least: number): void {
  if (percent === undefined) return
  const tenths = Math.round(percent * 10)
  const isTenths = Math.abs(tenths - percent * 10) < 1e-9
  if (isTenths && percent >= least && percent <= 100) return
  refuse(`${name} must be a multiple of 0.1 from ${least} to 100.`)
}

function checkMinutes(name: string, minutes: number | undefined): void {
  if (minutes === undefined || (minutes >= 0 && minutes <= LONGEST_BAKE)) return
  refuse(`${name} must be between 0 and ${LONGEST_BAKE}.`)
}

const RULE = /^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:listener-rule\/app\//
const NETWORK_LISTENER = /^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:listener\/net\//

function checkLoadBalancers(strategy: string, loadBalancers: readonly LoadBalancer[]): void {
  const groups = loadBalancers.filter(({ targetGroupArn }) => targetGroupArn !== undefined)
  const advanced = groups.filter(({ advancedConfiguration }) => advancedConfiguration !== undefined)
  if (advanced.length > 0 && advanced.length < groups.length) {
    refuse(
      'Either all or none of the provided loadBalancers must have advancedConfiguration defined',
    )
  }
  if (strategy !== 'ROLLING' && advanced.length < groups.length) {
    refuse(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    )
  }
  if ((strategy === 'LINEAR' || strategy === 'CANARY') && groups.length === 0) {
    refuse(`The ${strategy} deployment strategy needs loadBalancers or Service Connect.`)
  }
  const seen = new Set<string>()
  for (const { targetGroupArn = '', advancedConfiguration } of groups) {
    for (const arn of [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn ?? '']) {
      if (arn !== '' && seen.has(arn)) refuse(`Duplicate targetGroupArn found: ${arn}`)
      seen.add(arn)
    }
    if (advancedConfiguration !== undefined) checkAdvanced(advancedConfiguration)
  }
}

function checkAdvanced({
  alternateTargetGroupArn,
  productionListenerRule,
  testListenerRule,
  roleArn,
}: NonNullable<LoadBalancer['advancedConfiguration']>): void {
  const needed = { alternateTargetGroupArn, productionListenerRule, roleArn }
  for (const [name, value] of Object.entries(needed)) {
    if (!value) refuse(`advancedConfiguration needs ${name}.`)
  }
  for (const [name, arn] of Object.entries({ productionListenerRule, testListenerRule })) {
    if (arn === undefined || RULE.test(arn) || NETWORK_LISTENER.test(arn)) continue
    refuse(
      `${name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
    )
  }
  if (productionListenerRule === testListenerRule) {
    refuse(
      `The following rules cannot be used as both production and test listener rules: ${testListenerRule}`,
    )
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
function checkHooks(strategy: string, hooks: readonly DeploymentLifecycleHook[]): void {
  if (strategy === 'ROLLING' && hooks.length > 0) {
    throw new NotImplemented('lifecycle hooks of a ROLLING deployment of ECS')
  }
  for (const kind of ['AWS_LAMBDA', 'PAUSE']) {
    const count = hooks.filter(({ targetType = 'AWS_LAMBDA' }) => targetType === kind).length
    if (count > MOST_HOOKS) refuse(`There can be at most ${MOST_HOOKS} ${kind} lifecycle hooks.`)
  }
  for (const hook of hooks) {
    const { targetType = 'AWS_LAMBDA', lifecycleStages = [], hookTargetArn, roleArn } = hook
    if (lifecycleStages.length === 0) refuse('A lifecycle hook needs lifecycleStages.')
    const isShift = lifecycleStages.some((stage) => SHIFTS.has(stage))
    if (targetType === 'PAUSE' && isShift) refuse('Invalid lifecycle stage provided for Pause Hook')
    if (targetType === 'AWS_LAMBDA' && !(hookTargetArn && roleArn)) {
      refuse('A lifecycle hook of the targetType AWS_LAMBDA needs hookTargetArn and roleArn.')
    }
  }
}

const SHIFTS: ReadonlySet<string> = new Set(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'])
