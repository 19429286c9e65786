import type { Stack } from 'aws-cdk-lib'
import type { SharedResources } from './shared-resources.ts'

/**
 * Exports what services import, whether or not one does at present. What is exported while it is
 * used, and no more, would come and go with the first and the last user, and a stack cannot take
 * away an export that another stack still imports.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export function exportAlways(stack: Stack, shared: SharedResources): void {
  const { vpc, namespace, listener, securityGroups, networkBalancer } = shared
  const { logs, prometheus } = shared
  const values = [
    vpc.vpcId,
    ...[...vpc.privateSubnets, ...vpc.isolatedSubnets].map(({ subnetId }) => subnetId),
    namespace.namespaceId,
    listener.listenerArn,
    ...[
      ...[securityGroups.frontend, securityGroups.backend, securityGroups.networkLoadBalancer],
      ...[securityGroups.database, securityGroups.cache, securityGroups.files],
    ].map(({ securityGroupId }) => securityGroupId),
    networkBalancer?.loadBalancerArn,
    logs?.bucketName,
    prometheus?.endpoint,
    prometheus?.arn,
  ]
  for (const value of values) if (value !== undefined) stack.exportValue(value)
}
