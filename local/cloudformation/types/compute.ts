import { nameFrom, standIn, type TypeTable } from '../resource-type.ts'

const KUBERNETES = 'Kubernetes is not simulated; Caretaker looks after nothing in it.'
const INSTANCES = 'Instances are not simulated: tasks run without a machine below them.'
const SCALING = 'Nothing has load here, so no number of tasks follows it.'

/** Clusters of machines, and what makes them larger and smaller. */
export const COMPUTE: TypeTable = {
  'AWS::EKS::Cluster': standIn(KUBERNETES, nameFrom('Name', { most: 100 }), (own) => {
    const { ref, context } = own
    const id = context.hex(32).toUpperCase()
    const { region } = context.aws
    return {
      Arn: context.aws.arn('eks', `cluster/${ref}`),
      Id: ref,
      CertificateAuthorityData: Buffer.from(ref).toString('base64'),
      ClusterSecurityGroupId: `sg-${context.hex(17)}`,
      Endpoint: `https://${id}.gr7.${region}.eks.amazonaws.com`,
      OpenIdConnectIssuerUrl: `https://oidc.eks.${region}.amazonaws.com/id/${id}`,
      EncryptionConfigKeyArn: '',
    }
  }),
  'AWS::EKS::Nodegroup': standIn(
    KUBERNETES,
    (context, { ClusterName, NodegroupName }) =>
      `${ClusterName}/${context.name(NodegroupName, { most: 63 })}`,
    ({ ref, context }) => {
      const [ClusterName, NodegroupName] = ref.split('/')
      const Arn = context.aws.arn('eks', `nodegroup/${ref}/${context.uuid()}`)
      return { Id: ref, ClusterName, NodegroupName, Arn }
    },
  ),
  'AWS::EKS::FargateProfile': standIn(
    KUBERNETES,
    (context, { ClusterName, FargateProfileName }) =>
      `${ClusterName}|${context.name(FargateProfileName, { most: 63 })}`,
    ({ ref, context }) => ({
      Arn: context.aws.arn('eks', `fargateprofile/${ref.replace('|', '/')}/${context.uuid()}`),
    }),
  ),
  'AWS::EKS::Addon': standIn(
    KUBERNETES,
    (_, { ClusterName, AddonName }) => `${ClusterName}|${AddonName}`,
    ({ ref, context }) => ({
      Arn: context.aws.arn('eks', `addon/${ref.replace('|', '/')}/${context.uuid()}`),
    }),
  ),
  'AWS::EKS::AccessEntry': standIn(
    KUBERNETES,
    (_, { PrincipalArn, ClusterName }) => `${PrincipalArn}|${ClusterName}`,
    ({ ref, context }) => ({
      AccessEntryArn: context.aws.arn('eks', `access-entry/${ref.split('|')[1]}/${context.uuid()}`),
    }),
  ),
  'AWS::EKS::PodIdentityAssociation': standIn(
    KUBERNETES,
    (context) => context.aws.arn('eks', `podidentityassociation/${context.uuid()}`),
    ({ ref }) => ({ AssociationArn: ref, AssociationId: ref.split('/').at(-1) }),
  ),
  'AWS::AutoScaling::LaunchConfiguration': standIn(INSTANCES, nameFrom('LaunchConfigurationName')),
  'AWS::AutoScaling::ScheduledAction': standIn(INSTANCES, nameFrom('ScheduledActionName')),
  'AWS::AutoScaling::ScalingPolicy': standIn(
    SCALING,
    nameFrom('PolicyName'),
    ({ ref, context }) => ({
      Arn: context.aws.arn('autoscaling', `scalingPolicy:${context.uuid()}:policyName/${ref}`),
      PolicyName: ref,
    }),
  ),
  'AWS::ECS::CapacityProvider': standIn(INSTANCES, nameFrom('Name', { most: 255 })),
}
