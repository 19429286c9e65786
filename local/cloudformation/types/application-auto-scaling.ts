import type {
  PutScalingPolicyResponse,
  RegisterScalableTargetResponse,
} from '@aws-sdk/client-application-auto-scaling'
import type { Context } from '../context.ts'
import type { Physical, Properties, TypeTable } from '../resource-type.ts'

const SERVICE = 'application-auto-scaling'
const NAME = ['ResourceId', 'ScalableDimension', 'ServiceNamespace']

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApplicationAutoScaling.html */
export const APPLICATION_AUTO_SCALING: TypeTable = {
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    effect: [...NAME, 'MaxCapacity', 'MinCapacity', 'RoleARN', 'SuspendedState'],
    replacedBy: NAME,
    create: (context, properties) => register(context, properties),
    update: (context, properties) => register(context, properties),
    delete: (context, { ref }) => context.call(SERVICE, 'DeregisterScalableTarget', nameOf(ref)),
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    effect: [
      ...NAME,
      'PolicyName',
      'PolicyType',
      'ScalingTargetId',
      'StepScalingPolicyConfiguration',
      'TargetTrackingScalingPolicyConfiguration',
    ],
    replacedBy: [...NAME, 'PolicyName', 'ScalingTargetId'],
    create: async (context, properties) => {
      const PolicyName = context.name(properties.PolicyName, { most: 256 })
      return put(context, { ...properties, PolicyName })
    },
    update: async (context, properties, { ref }) =>
      put(context, { ...properties, PolicyName: policyName(ref) }),
    retag: async () => {},
    delete: (context, { ref, properties }) =>
      context.call(SERVICE, 'DeleteScalingPolicy', {
        ...targetOf(properties),
        PolicyName: policyName(ref),
      }),
  },
}

/** A target's id is `<resource>|<dimension>|<namespace>`. */
const nameOf = (ref: string): Properties =>
  Object.fromEntries(ref.split('|').map((part, index) => [NAME[index], part]))

const policyName = (arn: string): string => arn.split(':policyName/')[1] ?? ''

/** A policy names its target by its id, or by the three parts of that. */
function targetOf({ ScalingTargetId, ...properties }: Properties): Properties {
  if (ScalingTargetId !== undefined) return nameOf(String(ScalingTargetId))
  return Object.fromEntries(NAME.map((name) => [name, properties[name]]))
}

async function register(context: Context, properties: Properties): Promise<Physical> {
  const { ScalableTargetARN: arn = '' } = await context.call<RegisterScalableTargetResponse>(
    SERVICE,
    'RegisterScalableTarget',
    properties,
  )
  const ref = NAME.map((name) => properties[name]).join('|')
  return { ref, arn, attributes: { Id: ref } }
}

async function put(context: Context, properties: Properties): Promise<Physical> {
  const { ScalingTargetId: _, ...policy } = properties
  const { PolicyARN = '' } = await context.call<PutScalingPolicyResponse>(
    SERVICE,
    'PutScalingPolicy',
    { ...policy, ...targetOf(properties) },
  )
  return { ref: PolicyARN, attributes: { Arn: PolicyARN } }
}
