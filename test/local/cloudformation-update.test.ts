import type { DescribeServicesResponse } from '@aws-sdk/client-ecs'
import { describe, expect, it } from 'vitest'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import type { Deployed } from '../../local/cloudformation/deployed.ts'
import type { Template } from '../../local/cloudformation/template.ts'
import { assembly, physicalId, Templates } from '../kits/templates.ts'

type Resources = Template['Resources']

/** What a second deploy calls that changes something, and what is there afterwards. */
async function redeploy(before: Resources, after: Resources) {
  const account = new Templates()
  const first = await deploy(account.aws, assembly({ Stack: { Resources: before } }))
  account.calls.splice(0)
  const second = await update(account.aws, first, assembly({ Stack: { Resources: after } }))
  return { account, first, second, calls: [...account.calls], changes: account.changes() }
}

const ROLE = 'arn:aws:iam::123456789012:role/r'

const machine = (definition: object, more: object = {}) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'm',
    RoleArn: ROLE,
    DefinitionString: JSON.stringify(definition),
    ...more,
  },
})
const done = (Comment: string) => ({
  Comment,
  QueryLanguage: 'JSONata',
  StartAt: 'Done',
  States: { Done: { Type: 'Succeed' } },
})

const cluster = { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'dev' } }
/** What a service needs around it. */
const network = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' },
  },
}
const task = (image: string) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: {
    Family: 'orders',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [{ Name: 'orders', Image: image }],
  },
})
const service = (properties: object = {}, Tags: object[] = []) => ({
  Type: 'AWS::ECS::Service',
  Properties: {
    Cluster: { Ref: 'Cluster' },
    ServiceName: 'orders',
    LaunchType: 'FARGATE',
    TaskDefinition: { Ref: 'Task' },
    DesiredCount: 0,
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'Subnet' }] } },
    ...properties,
    Tags,
  },
})
const services = (changed: object = {}, tags: object[] = [], image = 'busybox') => ({
  ...network,
  Cluster: cluster,
  Task: task(image),
  Service: service(changed, tags),
})

describe('a second deploy', () => {
  it('of the same templates calls nothing that changes anything', async () => {
    const { changes, first, second } = await redeploy(services(), services())
    expect(changes).toEqual([])
    expect(second.stacks).toEqual(first.stacks)
  })

  it('sends a changed service whole', async () => {
    const grace = { HealthCheckGracePeriodSeconds: 90 }
    const { account, changes } = await redeploy(services(), services(grace))
    expect(changes).toEqual(['ecs:UpdateService'])
    const { services: [orders] = [] } = await account.call<DescribeServicesResponse>(
      'ecs',
      'DescribeServices',
      { cluster: 'dev', services: ['orders'] },
    )
    expect(orders).toMatchObject({ healthCheckGracePeriodSeconds: 90, desiredCount: 0 })
  })

  it('puts a new revision in place of a changed task definition, and moves its service', async () => {
    const { first, second, changes } = await redeploy(services(), services({}, [], 'nginx'))
    expect(changes).toEqual([
      'ecs:RegisterTaskDefinition',
      'ecs:UpdateService',
      'ecs:DeregisterTaskDefinition',
    ])
    expect(physicalId(first, 'Task')).toMatch(/orders:1$/)
    expect(physicalId(second, 'Task')).toMatch(/orders:2$/)
  })

  it('changes tags by the service’s own operations, and touches nothing else', async () => {
    const { calls, changes } = await redeploy(
      services({}, [
        { Key: 'caretaker:deploy', Value: 'main' },
        { Key: 'old', Value: '1' },
      ]),
      services({}, [{ Key: 'caretaker:deploy', Value: 'semver:1.4.x' }]),
    )
    expect(changes).toEqual(['ecs:TagResource', 'ecs:UntagResource'])
    expect(calls.find(({ operation }) => operation === 'TagResource')?.input).toMatchObject({
      tags: [{ key: 'caretaker:deploy', value: 'semver:1.4.x' }],
    })
  })

  it('changes a machine in place', async () => {
    const { account, changes, second } = await redeploy(
      { Machine: machine(done('old')) },
      { Machine: machine(done('new')) },
    )
    expect(changes).toEqual(['sfn:UpdateStateMachine'])
    const stateMachineArn = physicalId(second, 'Machine')
    const { definition } = await account.call('sfn', 'DescribeStateMachine', { stateMachineArn })
    expect(definition).toContain('new')
  })

  it('sends a function’s code and its configuration apart', async () => {
    const fn = (S3Key: string, Timeout: number) => ({
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: 'f', Code: { S3Bucket: 'code', S3Key }, Timeout, Role: ROLE },
      },
    })
    expect((await redeploy(fn('a', 1), fn('b', 1))).changes).toEqual(['lambda:UpdateFunctionCode'])
    expect((await redeploy(fn('a', 1), fn('a', 2))).changes).toEqual([
      'lambda:UpdateFunctionConfiguration',
    ])
    expect((await redeploy(fn('a', 1), fn('b', 2))).changes).toEqual([
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
    ])
  })

  it('removes the targets a rule no longer has', async () => {
    const rule = (...ids: string[]) => ({
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'r',
          ScheduleExpression: 'rate(1 day)',
          Targets: ids.map((Id) => ({ Id, Arn: 'arn:aws:sqs:eu-central-1:123456789012:q' })),
        },
      },
    })
    const { calls } = await redeploy(rule('a', 'b'), rule('b', 'c'))
    const removed = calls.find(({ operation }) => operation === 'RemoveTargets')
    expect(removed?.input).toEqual({ Rule: 'r', Ids: ['a'] })
  })

  it('creates what is new, and deletes what is gone unless it is retained', async () => {
    const queue = (QueueName: string, more: object = {}) => ({
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName },
      ...more,
    })
    const { calls, changes } = await redeploy(
      { Gone: queue('gone'), Kept: queue('kept', { DeletionPolicy: 'Retain' }) },
      { New: queue('new') },
    )
    expect(changes).toEqual(['sqs:CreateQueue', 'sqs:DeleteQueue'])
    expect(calls.at(-1)?.input.QueueUrl).toBe('https://sqs/123456789012/gone')
  })

  it('replaces what cannot change in place: the new one first, the old one last', async () => {
    const topic = (TopicName: string) => ({
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: { 'Fn::GetAtt': ['Topic', 'TopicName'] } },
      },
    })
    const { changes } = await redeploy(topic('a'), topic('b'))
    expect(changes).toEqual([
      'sns:CreateTopic',
      'sqs:CreateQueue',
      'sqs:DeleteQueue',
      'sns:DeleteTopic',
    ])
  })

  it('refuses a change that is not simulated, by name', async () => {
    const bus = (Description: string) => ({
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders', Description } },
    })
    await expect(redeploy(bus('old'), bus('new'))).rejects.toThrow(
      'Stack: Bus (AWS::Events::EventBus): The local AWS does not simulate a change of Description of AWS::Events::EventBus',
    )
  })

  it('takes a policy from the role that leaves it', async () => {
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } }
    const policy = (Role: string) => ({
      One: role,
      Other: role,
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'p', PolicyDocument: {}, Roles: [{ Ref: Role }] },
      },
    })
    const { first, calls } = await redeploy(policy('One'), policy('Other'))
    expect(calls.map(({ operation, input }) => [operation, input.RoleName])).toEqual([
      ['DeleteRolePolicy', physicalId(first, 'One')],
      ['PutRolePolicy', physicalId(first, 'Other')],
    ])
  })

  it('waits until a service has its tasks, and reports the circuit breaker', async () => {
    const account = new Templates()
    const Repository = { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'orders' } }
    const breaker = { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }
    const running = { DesiredCount: 1, DeploymentConfiguration: breaker }
    const stack = (image?: string) =>
      assembly({
        Stack: { Resources: { Repository, ...(image ? services(running, [], image) : {}) } },
      })
    const uri = `${account.aws.account}.dkr.ecr.${account.aws.region}.amazonaws.com/orders`
    const first = await deploy(account.aws, stack())
    account.ecr.push({ repository: 'orders', tag: 'good', image: { behaviour: 'healthy' } })
    const second = await update(account.aws, first, stack(`${uri}:good`))
    const { services: [orders] = [] } = await account.call<DescribeServicesResponse>(
      'ecs',
      'DescribeServices',
      { cluster: 'dev', services: ['orders'] },
    )
    expect(orders).toMatchObject({ runningCount: 1, desiredCount: 1 })
    account.ecr.push({ repository: 'orders', tag: 'bad', image: { behaviour: 'crashes' } })
    await expect(update(account.aws, second, stack(`${uri}:bad`))).rejects.toThrow(
      'Stack: Service (AWS::ECS::Service): ECS Deployment Circuit Breaker was triggered',
    )
  })

  it('waits inside the running world when it is told how', async () => {
    const account = new Templates()
    const namespace = {
      Type: 'AWS::ServiceDiscovery::HttpNamespace',
      Properties: { Name: 'dev' },
    }
    const directory = assembly({ Stack: { Resources: { Namespace: namespace } } })
    let stacks: string[] = []
    account.world.after(60_000, 'a person deploys', async () => {
      const wait = (milliseconds: number) => account.world.sleep(milliseconds)
      const deployed = await deploy(account.aws, directory, { wait })
      stacks = deployed.stacks.map(({ name }) => name)
    })
    await account.run(120_000)
    expect(stacks).toEqual(['Stack'])
  })
})

describe('parameters', () => {
  const template = {
    Parameters: {
      Count: { Type: 'Number', Default: 0, MinValue: 0, MaxValue: 5 },
      Size: { Type: 'String', Default: 'small', AllowedValues: ['small', 'large'] },
      Name: { Type: 'String', Default: 'a', AllowedPattern: '[a-z]+' },
    },
    Resources: {},
    Outputs: {
      Shown: { Value: { 'Fn::Join': [' ', ['Count', 'Size', 'Name'].map((Ref) => ({ Ref }))] } },
    },
  }
  const shown = async (...deployments: Record<string, string>[]) => {
    const { aws } = new Templates()
    let deployed: Deployed = { stacks: [], notSimulated: [], unknown: 0, assets: () => '' }
    for (const Stack of deployments) {
      deployed = await update(aws, deployed, assembly({ Stack: template }), {
        parameters: { Stack },
      })
    }
    return deployed.stacks[0]?.outputs.Shown
  }

  it('have the values a deployment is given, else those of the one before, else the defaults', async () => {
    expect(await shown({})).toBe('0 small a')
    expect(await shown({ Count: '2', Size: 'large' })).toBe('2 large a')
    expect(await shown({ Count: '2', Size: 'large' }, { Count: '3' })).toBe('3 large a')
  })

  it.each([
    [{ Count: '6' }, "Parameter 'Count' must be a number not greater than 5"],
    [{ Count: '-1' }, "Parameter 'Count' must be a number not less than 0"],
    [{ Size: 'huge' }, "Parameter 'Size' must be one of AllowedValues"],
    [{ Name: 'A1' }, "Parameter 'Name' failed to satisfy constraint"],
    [{ Other: '1' }, 'Parameters: [Other] do not exist in the template'],
  ])('are refused when they are %j', async (given, problem) => {
    await expect(shown(given as Record<string, string>)).rejects.toThrow(problem)
  })
})
