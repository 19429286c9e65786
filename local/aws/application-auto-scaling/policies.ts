import type {
  DeleteScalingPolicyRequest,
  DescribeScalingPoliciesRequest,
  PutScalingPolicyRequest,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { Targets } from './model.ts'
import { scalingPage } from './model.ts'

type Named = Pick<PutScalingPolicyRequest, 'PolicyName' | 'ResourceId'>

/**
 * Policies are kept and shown. Those of a target are not among CloudWatch's alarms here, as they are
 * on AWS: nothing has load that would turn them red by itself.
 */
export function policyOperations(targets: Targets) {
  const find = (named: Named) => targets.policies.find((policy) => isNamed(policy, named))
  return {
    PutScalingPolicy: (input: PutScalingPolicyRequest) => {
      onlyMembers('application-auto-scaling:PutScalingPolicy', input, [
        ...['PolicyName', 'PolicyType', 'ResourceId', 'ScalableDimension', 'ServiceNamespace'],
        ...['StepScalingPolicyConfiguration', 'TargetTrackingScalingPolicyConfiguration'],
      ])
      targets.target(input)
      const policy = find(input) ?? added(targets, input)
      Object.assign(policy, input)
      return { PolicyARN: policy.PolicyARN, Alarms: [] }
    },
    DescribeScalingPolicies: (input: DescribeScalingPoliciesRequest) => {
      const { ServiceNamespace, ResourceId, ScalableDimension, PolicyNames: names } = input
      const found = targets.policies.filter(
        (policy) =>
          policy.ServiceNamespace === ServiceNamespace &&
          (ResourceId ?? policy.ResourceId) === policy.ResourceId &&
          (ScalableDimension ?? policy.ScalableDimension) === policy.ScalableDimension &&
          (names?.includes(policy.PolicyName ?? '') ?? true),
      )
      const { items, next } = scalingPage(found, input.NextToken, input.MaxResults ?? 10)
      const more = next === undefined ? {} : { NextToken: next }
      return { ScalingPolicies: items.map((policy) => clone(policy)), ...more }
    },
    DeleteScalingPolicy: (input: DeleteScalingPolicyRequest) => {
      if (find(input) === undefined) {
        const message = `No scaling policy found for service namespace: ${input.ServiceNamespace}, resource ID: ${input.ResourceId}, scalable dimension: ${input.ScalableDimension}, policy name: ${input.PolicyName}`
        throw new AwsError('ObjectNotFoundException', message)
      }
      targets.policies = targets.policies.filter((policy) => !isNamed(policy, input))
      return {}
    },
  }
}

function added({ aws, policies }: Targets, input: PutScalingPolicyRequest): ScalingPolicy {
  const { PolicyName, ServiceNamespace, ResourceId, ScalableDimension } = input
  const id = aws.world.random.uuid('scaling/policy')
  const of = `scalingPolicy:${id}:resource/${ServiceNamespace}/${ResourceId}:policyName/${PolicyName}`
  const policy: ScalingPolicy = {
    ...{ PolicyName, ServiceNamespace, ResourceId, ScalableDimension },
    PolicyARN: aws.arn('autoscaling', of),
    PolicyType: input.PolicyType ?? 'StepScaling',
    CreationTime: aws.world.date,
    Alarms: [],
  }
  policies.push(policy)
  return policy
}

const isNamed = (policy: ScalingPolicy, named: Named): boolean =>
  policy.PolicyName === named.PolicyName && policy.ResourceId === named.ResourceId
