import { Stack, type StackProps } from 'aws-cdk-lib'
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'
import { CfnAccessEntry, CfnCluster } from 'aws-cdk-lib/aws-eks'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'
import { arnsOf } from './access/arns.ts'
import { boundaryArn } from './access/boundary.ts'
import type { SharedResources } from './shared-resources.ts'

/**
 * What EKS Auto Mode itself needs: nodes, disks, load balancers and addresses are its to make.
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html
 */
const CLUSTER_POLICIES = [
  'AmazonEKSClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
]

/** https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html */
const NODE_POLICIES = ['AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly']

/**
 * `<Environment>Kubernetes`, when the catalog switches it on: an empty EKS cluster in Auto Mode for
 * teams that bring charts. Caretaker deploys to ECS only; it makes the cluster, and no pods.
 */
export class KubernetesStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { shared, ...props }: StackProps & { shared: SharedResources },
  ) {
    super(scope, id, props)
    const clusterRole = awsRole(this, 'cluster-role', 'eks.amazonaws.com', CLUSTER_POLICIES)
    // Auto Mode marks what it makes with tags, in the session of this role.
    clusterRole.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        actions: ['sts:TagSession'],
        principals: [new ServicePrincipal('eks.amazonaws.com')],
      }),
    )
    const nodeRole = awsRole(this, 'node-role', 'ec2.amazonaws.com', NODE_POLICIES)
    const cluster = new CfnCluster(this, 'cluster', {
      name: named(this, 'kubernetes'),
      roleArn: clusterRole.roleArn,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: false,
      resourcesVpcConfig: {
        subnetIds: shared.vpc.privateSubnets.map(({ subnetId }) => subnetId),
        // People come through the bastion, as to databases.
        endpointPublicAccess: false,
        endpointPrivateAccess: true,
      },
      computeConfig: {
        enabled: true,
        nodePools: ['general-purpose', 'system'],
        nodeRoleArn: nodeRole.roleArn,
      },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      logging: {
        clusterLogging: {
          enabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map(
            (type) => ({ type }),
          ),
        },
      },
    })
    admitOperators(this, cluster)
    admitBastion(this, cluster, shared)
  }
}

/**
 * Who may use the cluster: only the role that made it, CloudFormation's, could otherwise. Other
 * people are admitted with kubectl, by whoever runs something in it.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function admitOperators(scope: Construct, cluster: CfnCluster): void {
  new CfnAccessEntry(scope, 'operators', {
    clusterName: cluster.ref,
    principalArn: arnsOf(scope)('iam', `role/${named(scope, 'operator')}`),
    accessPolicies: [
      {
        policyArn: `arn:${Stack.of(scope).partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: 'cluster' },
      },
    ],
  })
}

/** The private endpoint is in the group that EKS makes for the cluster, which admits its nodes only. */
function admitBastion(scope: Construct, cluster: CfnCluster, shared: SharedResources): void {
  new CfnSecurityGroupIngress(scope, 'from-bastion', {
    groupId: cluster.attrClusterSecurityGroupId,
    sourceSecurityGroupId: shared.securityGroups.bastion.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    description: 'From the bastion',
  })
}

function awsRole(scope: Construct, id: string, service: string, policies: string[]): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(
      scope,
      `${id}-boundary`,
      boundaryArn(scope, 'kubernetes', 'boundary'),
    ),
  })
  for (const name of policies) {
    acknowledge(
      role,
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`,
      'EKS Auto Mode names the policies its roles must have, and AWS changes them with it.',
    )
  }
  return role
}
