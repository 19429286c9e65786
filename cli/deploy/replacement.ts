import { isDeepStrictEqual } from 'node:util'
import type { Template, TemplateResource } from '../../scripts/assembly.ts'
import { identityOf } from './template.ts'

/**
 * Properties that CloudFormation changes only by making another resource in place of the first, of
 * the types that a name keeps from being there twice or that other stacks import. A test holds them
 * against CloudFormation's own schema.
 */
export const CREATE_ONLY: Readonly<Record<string, readonly string[]>> = {
  'AWS::APS::Workspace': ['KmsKeyArn'],
  'AWS::Budgets::Budget': ['NotificationsWithSubscribers'],
  'AWS::CloudWatch::Alarm': [],
  'AWS::CloudWatch::Dashboard': [],
  'AWS::CodeBuild::Project': [],
  'AWS::CodePipeline::Pipeline': [],
  'AWS::DynamoDB::Table': ['ImportSourceSpecification'],
  'AWS::EC2::SecurityGroup': ['GroupDescription', 'VpcId'],
  'AWS::EC2::Subnet': ['AvailabilityZone', 'CidrBlock', 'VpcId'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::ECR::Repository': ['EncryptionConfiguration'],
  'AWS::ECS::Cluster': [],
  'AWS::ECS::Service': ['DeploymentController', 'LaunchType', 'Role', 'SchedulingStrategy'],
  'AWS::EFS::FileSystem': ['AvailabilityZoneName', 'Encrypted', 'KmsKeyId', 'PerformanceMode'],
  'AWS::EKS::Cluster': ['BootstrapSelfManagedAddons', 'KubernetesNetworkConfig', 'RoleArn'],
  'AWS::ElastiCache::ReplicationGroup': ['AtRestEncryptionEnabled', 'CacheSubnetGroupName'],
  'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Scheme', 'Type'],
  'AWS::Events::Rule': ['EventBusName'],
  'AWS::IAM::Group': [],
  'AWS::IAM::ManagedPolicy': ['Description', 'Path'],
  'AWS::IAM::Role': ['Path'],
  'AWS::Lambda::Function': ['PackageType'],
  'AWS::Logs::LogGroup': [],
  'AWS::RDS::DBInstance': ['DBSubnetGroupName', 'MasterUsername', 'StorageEncrypted'],
  'AWS::S3::Bucket': [],
  'AWS::SNS::Topic': ['FifoTopic'],
  'AWS::SQS::Queue': ['FifoQueue'],
  'AWS::Scheduler::Schedule': [],
  'AWS::SecretsManager::Secret': [],
  'AWS::ServiceDiscovery::PrivateDnsNamespace': ['Name', 'Vpc'],
  'AWS::ServiceDiscovery::Service': ['HealthCheckCustomConfig', 'Name', 'NamespaceId'],
  'AWS::StepFunctions::StateMachine': ['StateMachineType'],
}

/** The line of the catalog that is behind a property. */
const FIELDS: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC CidrBlock': 'cidr of environment.yaml',
  'AWS::EC2::Subnet CidrBlock': 'cidr of environment.yaml',
  'AWS::ServiceDiscovery::PrivateDnsNamespace Name': 'namespace of environment.yaml',
  'AWS::ECS::Service LaunchType': 'spot of the service',
}

/** A resource of which a property changed that only another resource could have. */
export type Replacement = {
  logicalId: string
  type: string
  property: string
  /** As in `cidr of environment.yaml`; undefined where no line of the catalog says it alone. */
  field: string | undefined
  /** A second one cannot be made while the first is there. */
  isNamed: boolean
}

/** The resources that CloudFormation would replace. Pure. */
export function replacements(before: Template, after: Template): Replacement[] {
  return Object.entries(after.Resources).flatMap(([logicalId, resource]) => {
    const old = before.Resources[logicalId]
    const property = old && replacing(old, resource)
    if (property === undefined) return []
    const { Type: type } = resource
    const identity = identityOf(resource)
    const isNamed = identity !== undefined && old !== undefined && identity === identityOf(old)
    return [{ logicalId, type, property, field: FIELDS[`${type} ${property}`], isNamed }]
  })
}

function replacing(old: TemplateResource, resource: TemplateResource): string | undefined {
  if (old.Type !== resource.Type) return undefined
  return CREATE_ONLY[resource.Type]?.find(
    (name) => !isDeepStrictEqual(old.Properties?.[name], resource.Properties?.[name]),
  )
}
