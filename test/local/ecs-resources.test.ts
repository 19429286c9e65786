import { beforeEach, describe, expect, it } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { Ssm } from '../../local/aws/ssm/ssm.ts'
import { Cluster } from '../kits/cluster.ts'

/**
 * What a task needs before its images are pulled is fetched with its execution role.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
describe('a task whose definition names an execution role', () => {
  let account: Cluster
  let secretArn = ''
  const allow = (Action: string | string[], Resource = '*') => ({
    Effect: 'Allow',
    Action,
    Resource,
  })
  const PULL = [
    allow('ecr:GetAuthorizationToken'),
    allow('ecr:BatchGetImage', 'arn:aws:ecr:eu-central-1:123456789012:repository/orders'),
  ]

  async function role(statements: object[]): Promise<string> {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    }
    const { Role } = await account.call<{ Role: { Arn: string } }>('iam', 'CreateRole', {
      RoleName: 'execution',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    })
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    await account.call('iam', 'PutRolePolicy', {
      RoleName: 'execution',
      PolicyName: 'p',
      PolicyDocument,
    })
    return Role.Arn
  }

  /** Why the task stopped; undefined when it runs. */
  async function stopped(
    executionRoleArn: string,
    valueFrom?: string,
  ): Promise<string | undefined> {
    const { digest, repositoryUri } = account.ecr.push({
      repository: 'orders',
      tag: 'main',
      image: {},
    })
    const secrets = valueFrom === undefined ? [] : [{ name: 'KEY', valueFrom }]
    const containerDefinitions = [{ name: 'orders', image: `${repositoryUri}@${digest}`, secrets }]
    const taskDefinition = await account.define('', { executionRoleArn, containerDefinitions })
    await account.create(taskDefinition, { desiredCount: 1 })
    await account.run(60_000)
    const [task] = await account.tasks('STOPPED')
    return task?.stoppedReason
  }

  beforeEach(async () => {
    account = await Cluster.open()
    account.aws.register(new Iam(account.aws))
    account.aws.register(new SecretsManager(account.aws))
    account.aws.register(new Ssm(account.aws))
    account.aws.guards.push(enforcement(account.aws))
    const { ARN } = await account.call<{ ARN: string }>('secrets-manager', 'CreateSecret', {
      Name: 'key',
      SecretString: '{"token":"a"}',
    })
    secretArn = ARN
    await account.call('ssm', 'PutParameter', { Name: '/orders/key', Value: 'a', Type: 'String' })
  })

  const FAILED =
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: '

  it('does not start without the right to log in to ECR', async () => {
    expect(await stopped(await role([]))).toMatch(
      `${FAILED}unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/ecs-tasks is not authorized to perform: ecr:GetAuthorizationToken on resource: *`,
    )
  })

  it('does not start without the right to read its secret, or without the secret', async () => {
    const arn = await role(PULL)
    expect(await stopped(arn, secretArn)).toContain(
      `${FAILED}unable to retrieve secret from asm: failed to fetch secret ${secretArn} from secrets manager`,
    )
  })

  const READ = [...PULL, allow(['secretsmanager:GetSecretValue', 'ssm:GetParameters'])]
  it.each<[string, (arn: string) => string, string]>([
    [
      'a secret that is not there',
      (arn) => arn.replace('key', 'gone'),
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ],
    [
      'a member that the secret does not have',
      (arn) => `${arn}:none::`,
      'retrieved secret from Secrets Manager did not contain json key none',
    ],
    ['a version that is not there', (arn) => `${arn}::OTHER:`, 'ResourceNotFoundException'],
    ['a parameter that is not there', () => 'gone', 'invalid ssm parameters: gone'],
  ])('does not start with %s', async (_, valueFrom, why) => {
    expect(await stopped(await role(READ), valueFrom(secretArn))).toContain(why)
  })

  it.each<[string, (arn: string) => string]>([
    ['a secret', (arn) => arn],
    ['a member of a secret', (arn) => `${arn}:token::`],
    ['a parameter by its ARN', () => 'arn:aws:ssm:eu-central-1:123456789012:parameter/orders/key'],
    ['a parameter by its name', () => '/orders/key'],
  ])('runs with %s', async (_, valueFrom) => {
    expect(await stopped(await role(READ), valueFrom(secretArn))).toBeUndefined()
  })
})
