import type {
  CreateTargetGroupInput,
  RegisterTargetsInput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws, Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { validation } from './conditions.ts'
import type { Group } from './model.ts'

/** What the group of a function shows where it was not asked for something else. */
export const FUNCTION_DEFAULTS: TargetGroup = {
  HealthCheckEnabled: false,
  HealthCheckIntervalSeconds: 35,
  HealthCheckTimeoutSeconds: 30,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
  HealthCheckPath: '/',
  Matcher: { HttpCode: '200' },
  IpAddressType: 'ipv4',
}

/** The load balancer, as a function's policy sees it: it acts for the target group. */
export const balancerFor = (groupArn: string): Caller => ({
  kind: 'aws',
  name: 'elasticloadbalancing',
  sourceArn: groupArn,
})

/**
 * A group of one function: no network, and health checks only when they are asked for.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 *
 * @throws AwsError ValidationError; NotImplemented for health checks
 */
export function checkFunctionGroup(given: Omit<CreateTargetGroupInput, 'Tags' | 'Name'>): void {
  for (const member of ['Protocol', 'Port', 'VpcId'] as const) {
    if (given[member] === undefined) continue
    throw validation(`${member} cannot be specified for target groups with target type 'lambda'`)
  }
  if (given.HealthCheckEnabled) throw new NotImplemented('health checks of Lambda targets')
}

/**
 * One function, which must let the load balancer invoke it before it is registered.
 *
 * @throws AwsError TooManyTargetsException, AccessDenied, and as Lambda does not find the function
 */
export async function checkFunctions(
  aws: Aws,
  group: Group,
  { Targets = [] }: RegisterTargetsInput,
): Promise<void> {
  const ids = new Set([...group.targets.values()].map(({ id }) => id))
  for (const { Id = '' } of Targets) ids.add(Id)
  if (ids.size > 1) {
    throw new AwsError(
      'TooManyTargetsException',
      `The target group '${group.arn}' can only have one function`,
    )
  }
  for (const id of ids) {
    if (!/^arn:aws:lambda:/.test(id)) throw validation(`The target '${id}' is not a valid ARN`)
    await checkPermission(aws, group.arn, id)
  }
}

async function checkPermission(aws: Aws, groupArn: string, functionArn: string): Promise<void> {
  const asked = { FunctionName: functionArn, InvocationType: 'DryRun' }
  try {
    await aws.call('lambda', 'Invoke', asked, balancerFor(groupArn))
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'AccessDeniedException') throw error
    throw new AwsError(
      'AccessDenied',
      `elasticloadbalancing principal does not have permission to invoke ${functionArn} from target group ${groupArn}`,
      { statusCode: 403 },
    )
  }
}
