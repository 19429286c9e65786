import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApplicationAutoScaling } from '../../local/aws/application-auto-scaling/application-auto-scaling.ts'
import type { Operations, Service } from '../../local/aws/aws.ts'
import { Budgets } from '../../local/aws/budgets/budgets.ts'
import { CloudMap } from '../../local/aws/cloud-map/cloud-map.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { Ecr } from '../../local/aws/ecr/ecr.ts'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { Efs } from '../../local/aws/efs/efs.ts'
import { ElasticLoadBalancing } from '../../local/aws/elastic-load-balancing/elastic-load-balancing.ts'
import { ElastiCache } from '../../local/aws/elasticache/elasticache.ts'
import { Rds } from '../../local/aws/rds/rds.ts'
import { S3 } from '../../local/aws/s3/s3.ts'
import { Sfn } from '../../local/aws/stepfunctions/service.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import type { Deployed } from '../../local/cloudformation/deployed.ts'
import type { Template } from '../../local/cloudformation/template.ts'
import { Account } from './account.ts'
import { temporaryDirectory } from './temporary.ts'

type Input = Record<string, unknown>
type Answers = Record<string, (input: Input) => unknown>

/** Services whose inside is of no interest here: they only note what they are called with. */
const RECORDED: Record<string, Answers> = {
  iam: {
    CreateRole: ({ RoleName }) => ({
      Role: { RoleName, Arn: `arn:aws:iam::123456789012:role/${RoleName}`, RoleId: 'AROA1' },
    }),
    CreatePolicy: ({ PolicyName }) => ({
      Policy: { Arn: `arn:aws:iam::123456789012:policy/${PolicyName}`, PolicyId: 'ANPA1' },
    }),
  },
  lambda: {
    CreateFunction: ({ FunctionName }) => ({
      FunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${FunctionName}`,
    }),
    CreateEventSourceMapping: () => ({ UUID: 'mapping' }),
    CreateFunctionUrlConfig: ({ FunctionName }) => ({
      FunctionArn: FunctionName,
      FunctionUrl: 'https://address.lambda-url.eu-central-1.on.aws/',
    }),
  },
  eventbridge: {
    PutRule: ({ Name }) => ({ RuleArn: `arn:aws:events:eu-central-1:123456789012:rule/${Name}` }),
  },
  scheduler: {
    CreateSchedule: ({ Name }) => ({
      ScheduleArn: `arn:aws:scheduler:eu-central-1:123456789012:schedule/default/${Name}`,
    }),
  },
  sqs: { CreateQueue: ({ QueueName }) => ({ QueueUrl: `https://sqs/123456789012/${QueueName}` }) },
  sns: {
    CreateTopic: ({ Name }) => ({ TopicArn: `arn:aws:sns:eu-central-1:123456789012:${Name}` }),
    Subscribe: ({ TopicArn }) => ({ SubscriptionArn: `${TopicArn}:0` }),
  },
  ssm: { GetParameter: ({ Name }) => ({ Parameter: { Value: `value of ${Name}` } }) },
  'secrets-manager': {
    CreateSecret: ({ Name }) => ({
      ARN: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${Name}-AbCdEf`,
    }),
    GetRandomPassword: () => ({ RandomPassword: 'correct horse' }),
    GetSecretValue: () => ({ SecretString: '{"password":"battery staple"}' }),
  },
  cloudwatch: {},
  'cloudwatch-logs': {},
}

/** An account to load templates into. */
export class Templates extends Account {
  readonly ecr = new Ecr(this.aws)
  /** Calls to the recorded services, and calls of the others that are asked for. */
  readonly calls: { service: string; operation: string; input: Input }[] = []

  constructor() {
    super([
      Ecs,
      ApplicationAutoScaling,
      Budgets,
      CloudMap,
      DynamoDb,
      Ec2,
      Efs,
      ElastiCache,
      ElasticLoadBalancing,
      Rds,
      S3,
      Sfn,
      Tagging,
    ])
    const { aws } = this
    aws.register(this.ecr)
    for (const [id, answers] of Object.entries(RECORDED)) aws.register(recorder(id, answers))
    aws.guards.push(({ service, operation, input }) =>
      this.calls.push({ service, operation, input }),
    )
  }

  /** What an operation was called with, oldest first. */
  inputs(service: string, operation: string): Input[] {
    return this.calls
      .filter((call) => call.service === service && call.operation === operation)
      .map(({ input }) => input)
  }

  /** The calls that change something, since the last time this was asked. */
  changes(): string[] {
    return this.calls
      .splice(0)
      .filter(({ operation }) => !/^(Get|Describe|List)/.test(operation))
      .map(({ service, operation }) => `${service}:${operation}`)
  }
}

function recorder(id: string, answers: Answers): Service {
  const operations = new Proxy(
    {},
    { get: (_, operation: string) => (input: Input) => answers[operation]?.(input) ?? {} },
  ) as Operations
  return { id, operations }
}

/** Writes a cloud assembly as the CDK does; stacks depend on those before them in `after`. */
export function assembly(
  stacks: Record<string, Template & { after?: string[]; environment?: string }>,
): string {
  const directory = temporaryDirectory()
  const artifacts: Record<string, object> = {}
  for (const [name, { after = [], environment, ...template }] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`
    writeFileSync(join(directory, templateFile), JSON.stringify(template))
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: environment ?? 'aws://unknown-account/eu-central-1',
      dependencies: after,
      properties: { templateFile },
    }
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }))
  return directory
}

/** The physical id of a resource. */
export function physicalId(deployed: Deployed, logicalId: string): string {
  const all = deployed.stacks.flatMap(({ resources }) => resources)
  return all.find((one) => one.logicalId === logicalId)?.physicalId ?? ''
}
