import type { Aws } from '../aws/aws.ts'
import type { DeployedResource } from './deployed.ts'
import type { Properties } from './resource-type.ts'
import { TemplateError } from './template.ts'

/**
 * The property that names a resource, where CloudFormation refuses to create a second one of a name.
 * Most services refuse by themselves; these are also needed to import what was retained.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
export const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::Budgets::Budget': 'Budget.BudgetName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::CodeBuild::Project': 'Name',
  'AWS::CodePipeline::Pipeline': 'Name',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::ECS::Cluster': 'ClusterName',
  'AWS::EKS::Cluster': 'Name',
  'AWS::ElastiCache::ReplicationGroup': 'ReplicationGroupId',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Name',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
}

/** The name a template gives a resource; undefined when CloudFormation makes one. */
export function fixedName(type: string, properties: Properties): string | undefined {
  let value: unknown = properties
  for (const member of NAMED_BY[type]?.split('.') ?? ['']) {
    value = (value as Record<string, unknown> | undefined)?.[member]
  }
  return typeof value === 'string' ? value : undefined
}

type Held = {
  /** Undefined once the resource was retained: it is there, and no stack has it. */
  stack: string | undefined
  resource: DeployedResource
}

/** The named resources that CloudFormation has made in an account and not deleted. */
export class Holdings {
  readonly #held = new Map<string, Held>()

  /** @throws TemplateError in CloudFormation's words, when something of this type has the name. */
  refuseTaken(type: string, properties: Properties): void {
    const name = fixedName(type, properties)
    const held = name === undefined ? undefined : this.#held.get(keyOf(type, name))
    if (held === undefined) return
    const where = held.stack === undefined ? '' : ` in stack ${held.stack}`
    throw new TemplateError(`${name} already exists${where}`)
  }

  /** What an earlier stack has left of this name, which a stack can take over. */
  retained(type: string, properties: Properties): DeployedResource | undefined {
    const held = this.#held.get(keyOf(type, fixedName(type, properties) ?? ''))
    return held?.stack === undefined ? held?.resource : undefined
  }

  add(stack: string, properties: Properties, resource: DeployedResource): void {
    this.#set(properties, { stack, resource })
  }

  /** A stack has let go of it, and it is still there. */
  release(resource: DeployedResource): void {
    const found = this.#entryOf(resource)
    if (found !== undefined) this.#held.set(found[0], { stack: undefined, resource })
  }

  remove(resource: DeployedResource): void {
    const found = this.#entryOf(resource)
    if (found !== undefined) this.#held.delete(found[0])
  }

  #set(properties: Properties, held: Held): void {
    const { type } = held.resource
    const name = fixedName(type, properties)
    if (name !== undefined) this.#held.set(keyOf(type, name), held)
  }

  #entryOf({ type, physicalId }: DeployedResource): [string, Held] | undefined {
    return [...this.#held].find(
      ([, { resource }]) => resource.type === type && resource.physicalId === physicalId,
    )
  }
}

const keyOf = (type: string, name: string): string => `${type} ${name}`

const accounts = new WeakMap<Aws, Holdings>()

export function holdingsOf(aws: Aws): Holdings {
  const found = accounts.get(aws) ?? new Holdings()
  accounts.set(aws, found)
  return found
}
