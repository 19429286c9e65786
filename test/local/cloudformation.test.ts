import { describe, expect, it, test } from 'vitest'
import { deploy } from '../../local/cloudformation/deploy.ts'
import type { Template } from '../../local/cloudformation/template.ts'
import { simulatedTypes } from '../../local/cloudformation/types.ts'
import { assembly, physicalId, Templates } from '../kits/templates.ts'

const queue = (properties: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { ...properties },
})

/** Loads one stack, named `Stack`. */
async function load(template: Template, account = new Templates()) {
  return { account, deployed: await deploy(account.aws, assembly({ Stack: template })) }
}

describe('resources', () => {
  it('are made after what they name, and DependsOn', async () => {
    const { account } = await load({
      Resources: {
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          DependsOn: 'Parameter',
          Properties: {
            AlarmName: 'a',
            Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
          },
        },
        Parameter: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/p', Type: 'String', Value: '1' },
        },
        Queue: queue(),
      },
    })
    expect(account.changes()).toEqual([
      'ssm:PutParameter',
      'sqs:CreateQueue',
      'cloudwatch:PutMetricAlarm',
    ])
  })

  it('are named by CloudFormation when the template does not', async () => {
    const { account, deployed } = await load({
      Resources: {
        Queue: queue(),
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
        averylonglogicalidofarolethatdoesnotfit12345678: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: {} },
        },
      },
    })
    const [first, second] = account
      .inputs('iam', 'CreateRole')
      .map(({ RoleName }) => String(RoleName))
    expect(first).toMatch(/^Stack-Role-[A-Z0-9]{12}$/)
    expect(second).toMatch(/^Stack-averylonglogicalid.*-[A-Z0-9]{12}$/)
    expect(second?.length).toBeLessThanOrEqual(64)
    const again = await load({ Resources: { Queue: queue() } })
    expect(physicalId(again.deployed, 'Queue')).toBe(physicalId(deployed, 'Queue'))
  })

  it('carry their tags, whichever shape the service wants, and CloudFormation’s own', async () => {
    const Tags = [{ Key: 'team', Value: 'payments' }]
    const { account } = await load({
      Resources: {
        Queue: queue({ QueueName: 'q', Tags }),
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't', Tags } },
        Parameter: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/p', Type: 'String', Value: '1', Tags: { team: 'payments' } },
        },
      },
    })
    const [asMap] = account.inputs('sqs', 'CreateQueue')
    expect(asMap?.tags).toMatchObject({
      team: 'payments',
      'aws:cloudformation:stack-name': 'Stack',
      'aws:cloudformation:logical-id': 'Queue',
    })
    for (const [input] of [
      account.inputs('sns', 'CreateTopic'),
      account.inputs('ssm', 'PutParameter'),
    ]) {
      expect(input?.Tags).toContainEqual({ Key: 'team', Value: 'payments' })
    }
  })

  it('whose condition does not hold are left out, with their outputs', async () => {
    const { account, deployed } = await load({
      Parameters: { Size: { Type: 'String', Default: 'small' } },
      Conditions: {
        Large: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] },
        Small: { 'Fn::Not': [{ Condition: 'Large' }] },
      },
      Resources: {
        Extra: { ...queue(), Condition: 'Large' },
        Queue: {
          ...queue({ QueueName: { 'Fn::If': ['Small', 'small', 'large'] } }),
          Condition: 'Small',
        },
      },
      Outputs: {
        Extra: { Condition: 'Large', Value: { Ref: 'Extra' } },
        Url: { Value: { Ref: 'Queue' } },
      },
    })
    expect(account.inputs('sqs', 'CreateQueue').map(({ QueueName }) => QueueName)).toEqual([
      'small',
    ])
    expect(deployed.stacks[0]?.outputs).toEqual({ Url: 'https://sqs/123456789012/small' })
  })
})

describe('values from elsewhere', () => {
  it('come from the stacks that export them, which are deployed first', async () => {
    const account = new Templates()
    const directory = assembly({
      Services: {
        after: ['Environment'],
        Resources: { Queue: queue({ QueueName: { 'Fn::ImportValue': 'Environment:Name' } }) },
      },
      Environment: {
        Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'shared' } } },
        Outputs: {
          Name: {
            Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] },
            Export: { Name: { 'Fn::Sub': `\${AWS::StackName}:Name` } },
          },
        },
      },
    })
    const { stacks } = await deploy(account.aws, directory)
    expect(stacks.map(({ name }) => name)).toEqual(['Environment', 'Services'])
    expect(account.inputs('sqs', 'CreateQueue')).toMatchObject([{ QueueName: 'shared' }])
  })

  it('come from Systems Manager: the account’s, AWS’s own, and what cdk bootstrap leaves', async () => {
    const { account } = await load({
      Parameters: {
        Own: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/own' },
        Subnets: { Type: 'CommaDelimitedList', Default: 'a,b' },
        Image: {
          Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
          Default: '/aws/service/ami-x',
        },
        Bootstrap: {
          Type: 'AWS::SSM::Parameter::Value<String>',
          Default: '/cdk-bootstrap/x/version',
        },
      },
      Rules: {
        Bootstrapped: {
          Assertions: [
            { Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '5'], { Ref: 'Bootstrap' }] }] } },
          ],
        },
      },
      Resources: {
        Parameter: {
          Type: 'AWS::SSM::Parameter',
          Properties: {
            Name: '/p',
            Type: 'StringList',
            Value: {
              'Fn::Join': [
                ' ',
                [{ Ref: 'Own' }, { 'Fn::Select': [1, { Ref: 'Subnets' }] }, { Ref: 'Image' }],
              ],
            },
          },
        },
      },
    })
    const [{ Value } = {}] = account.inputs('ssm', 'PutParameter')
    expect(Value).toMatch(/^value of \/own b ami-[0-9a-f]{17}$/)
  })

  it('come from secrets, and are not kept', async () => {
    const { account, deployed } = await load({
      Resources: {
        Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'db' } },
        Parameter: {
          Type: 'AWS::SSM::Parameter',
          Properties: {
            Name: '/p',
            Type: 'String',
            Value: {
              'Fn::Sub': `u:{{resolve:secretsmanager:\${Secret}:SecretString:password::}}@{{resolve:ssm:/host:2}}`,
            },
          },
        },
      },
    })
    expect(account.inputs('ssm', 'PutParameter')).toMatchObject([
      { Value: 'u:battery staple@value of /host:2' },
    ])
    expect(account.inputs('secrets-manager', 'GetSecretValue')).toEqual([
      { SecretId: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf' },
    ])
    expect(JSON.stringify(deployed)).not.toContain('battery staple":')
    expect(JSON.stringify(deployed.stacks[0]?.resources[1]?.present.properties)).toContain(
      '{{resolve:',
    )
  })

  it('a secret is generated, on its own or in its template', async () => {
    const { account } = await load({
      Resources: {
        Plain: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'a', GenerateSecretString: { PasswordLength: 20 } },
        },
        Filled: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: {
            Name: 'b',
            GenerateSecretString: {
              SecretStringTemplate: '{"username":"ann"}',
              GenerateStringKey: 'password',
            },
          },
        },
      },
    })
    expect(account.inputs('secrets-manager', 'GetRandomPassword')).toEqual([
      { PasswordLength: 20 },
      {},
    ])
    expect(account.inputs('secrets-manager', 'CreateSecret')).toMatchObject([
      { SecretString: 'correct horse' },
      { SecretString: '{"username":"ann","password":"correct horse"}' },
    ])
  })
})

describe('what is not simulated', () => {
  it('is listed with the reason why that is harmless', async () => {
    const { deployed } = await load({
      Resources: {
        Gateway: { Type: 'AWS::EC2::InternetGateway' },
        Queue: queue({ KmsMasterKeyId: 'alias/aws/sqs', Invented: true }),
      },
    })
    expect(deployed.notSimulated).toEqual([
      {
        stack: 'Stack',
        logicalId: 'Gateway',
        type: 'AWS::EC2::InternetGateway',
        why: 'There are no packets: what may reach what is not simulated.',
      },
      {
        stack: 'Stack',
        logicalId: 'Queue',
        type: 'AWS::SQS::Queue',
        property: 'KmsMasterKeyId',
        why: 'Nothing is written to a disk.',
      },
      {
        stack: 'Stack',
        logicalId: 'Queue',
        type: 'AWS::SQS::Queue',
        property: 'Invented',
        why: 'not known to the local AWS',
      },
    ])
    expect(deployed.unknown).toBe(0)
  })

  it('a type nobody knows has an id, and stops nothing that does not need more', async () => {
    const { account, deployed } = await load({
      Resources: {
        Robot: { Type: 'AWS::RoboMaker::Robot', Properties: { Name: 'r' } },
        Queue: queue({ QueueName: { Ref: 'Robot' } }),
      },
    })
    expect(deployed.unknown).toBe(1)
    expect(deployed.notSimulated).toMatchObject([
      { logicalId: 'Robot', why: 'not known to the local AWS' },
    ])
    expect(account.inputs('sqs', 'CreateQueue')).toMatchObject([
      { QueueName: physicalId(deployed, 'Robot') },
    ])
  })

  it('every type says what it simulates, and every gap why it is harmless', () => {
    const types = simulatedTypes()
    expect(types.length).toBeGreaterThan(100)
    for (const { type, standIn, properties, without } of types) {
      expect(type).toMatch(/^AWS::\w+::\w+$/)
      expect(standIn !== undefined || properties.length + without.length > 0, type).toBe(true)
      for (const why of [...(standIn ? [standIn] : []), ...without.map((one) => one.why)]) {
        expect(why, type).toMatch(/^[A-Z].*\.$/)
      }
      const both = without.filter(({ property }) => properties.includes(property))
      expect(both, type).toEqual([])
    }
  })
})

describe('errors say where they are', () => {
  const robot = { Type: 'AWS::RoboMaker::Robot' }
  test.each<[string, Template, string]>([
    [
      'an unknown function',
      { Resources: { Queue: queue({ QueueName: { 'Fn::Invented': 1 } }) } },
      'Stack: Queue (AWS::SQS::Queue): QueueName: the function Fn::Invented is not known to the local AWS',
    ],
    [
      'an attribute of a type nobody knows',
      {
        Resources: {
          Robot: robot,
          Queue: queue({ QueueName: { 'Fn::GetAtt': ['Robot', 'Arn'] } }),
        },
      },
      'Stack: Queue (AWS::SQS::Queue): QueueName: the attribute Arn of Robot (AWS::RoboMaker::Robot) cannot be answered by the local AWS; it has: none',
    ],
    [
      'a ring',
      { Resources: { A: { ...queue(), DependsOn: 'B' }, B: queue({ QueueName: { Ref: 'A' } }) } },
      'Stack: circular dependency: A -> B -> A',
    ],
    [
      'a member the service does not have',
      {
        Resources: {
          Task: {
            Type: 'AWS::ECS::TaskDefinition',
            Properties: { ContainerDefinitions: [{ Name: 'a', Image: 'b', Colour: 'red' }] },
          },
        },
      },
      'Stack: Task (AWS::ECS::TaskDefinition): The field "ContainerDefinitions[0].Colour" is not known',
    ],
    [
      'what the service refuses',
      {
        Resources: {
          Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [] } },
        },
      },
      'Stack: Task (AWS::ECS::TaskDefinition): Container list cannot be empty.',
    ],
    [
      'a parameter without a value',
      { Parameters: { Name: { Type: 'String' } }, Resources: {} },
      'Stack: the parameter Name has no value',
    ],
    [
      'a rule',
      {
        Rules: {
          Never: { Assertions: [{ Assert: { 'Fn::Equals': [1, 2] }, AssertDescription: 'no' }] },
        },
        Resources: {},
      },
      'Stack: the rule Never does not hold: no',
    ],
    [
      'a placeholder without a substitution',
      {
        Resources: {
          Machine: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: {
              DefinitionString: `{"StartAt":"\${First}"}`,
              RoleArn: 'arn:aws:iam::123456789012:role/r',
            },
          },
        },
      },
      `DefinitionSubstitutions has nothing for \${First}`,
    ],
  ])('%s', async (_, template, message) => {
    await expect(load(template)).rejects.toThrow(message)
  })

  it('a stack of another Region', async () => {
    const account = new Templates()
    const directory = assembly({
      Edge: { environment: 'aws://unknown-account/us-east-1', Resources: {} },
    })
    await expect(deploy(account.aws, directory)).rejects.toThrow(
      'Edge is for unknown-account, us-east-1',
    )
  })
})
