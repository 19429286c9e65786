import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** Services whose ARNs name no Region. */
const GLOBAL = ['iam']

/**
 * ARNs of this account and Region by service and resource, such as `('ecs', 'cluster/dev-*')`.
 *
 * @param account another than this one; none (an empty text) is AWS's own.
 */
export function arnsOf(scope: Construct) {
  const stack = Stack.of(scope)
  return (service: string, resource: string, { account = stack.account } = {}): string => {
    const region = GLOBAL.includes(service) ? '' : stack.region
    return `arn:${stack.partition}:${service}:${region}:${account}:${resource}`
  }
}
