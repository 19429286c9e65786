import { COPILOT } from './origin.ts'

/** A stack of CloudFormation with what it has made. */
export type FoundStack = {
  name: string
  tags: Readonly<Record<string, string>>
  resources: readonly { type: string; id: string; stays: boolean }[]
}

/** What deleting a stack of Copilot's would take with it. */
export type Destroyed = { stack: string; loses: string[]; stays: string[]; also: string[] }

/** What holds data, or is shared, in words. */
const WORTH: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'the DynamoDB table',
  'AWS::EFS::FileSystem': 'the file system',
  'AWS::RDS::DBInstance': 'the database',
  'AWS::RDS::DBCluster': 'the Aurora cluster',
  'AWS::S3::Bucket': 'the bucket',
  'AWS::ECR::Repository': 'the repository with its images',
  'AWS::SecretsManager::Secret': 'the secret',
  'AWS::SSM::Parameter': 'the parameter',
  'AWS::KMS::Key': 'the key, and what only it can decrypt',
  'AWS::SQS::Queue': 'the queue with its messages',
  'AWS::SNS::Topic': 'the topic',
  'AWS::ECS::Cluster': 'the ECS cluster',
  'AWS::ECS::Service': 'the ECS service',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'the load balancer, whose address changes',
  'AWS::EC2::NatGateway': 'the NAT gateway',
  'AWS::EC2::VPC': 'the VPC',
  'AWS::IAM::Role': 'the role',
  'AWS::Logs::LogGroup': 'the log group',
}

/**
 * What deleting each of Copilot's stacks would destroy. When the last workload leaves an
 * environment, the environment's stack also drops what it made for workloads.
 * https://github.com/aws/copilot-cli, cf-custom-resources/lib/env-controller.js
 */
export function destroyedBy(stacks: readonly FoundStack[]): Destroyed[] {
  return stacks
    .filter(({ tags }) => COPILOT in tags)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, tags, resources }) => {
      const say = (one: FoundStack['resources'][number]): string[] => {
        const words = WORTH[one.type]
        return words === undefined ? [] : [`${words} ${one.id}`]
      }
      const isWorkload = 'copilot-service' in tags
      return {
        stack: name,
        loses: resources.filter(({ stays }) => !stays).flatMap(say),
        stays: resources.filter(({ stays }) => stays).flatMap(say),
        also: isWorkload
          ? [
              'when the last workload leaves, the stack of the environment drops its load balancers, its managed file system and its NAT gateways',
            ]
          : [],
      }
    })
}
