import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { SUPPLIED } from '../../catalog/variables.ts'
import { windowsOf } from '../../infra/environment/data/windows.ts'
import { allowed, container, stackOf, taskDefinition } from '../kits/services.ts'
import { ofType, only, type Resource, type Template, tagsOf, template } from '../kits/synth.ts'

const { services } = readCatalog('catalog')
const STACKS = ['DevEnvironment', 'DevData', ...services.map(({ name }) => `DevService-${name}`)]

async function everything(type: string): Promise<Resource[]> {
  const templates = await Promise.all(STACKS.map((stack) => template(stack)))
  return templates.flatMap((one) => ofType(one, type)).map(([, resource]) => resource)
}

describe('data', () => {
  test.each<[string, Record<string, unknown>]>([
    [
      'AWS::RDS::DBInstance',
      { StorageEncrypted: true, ManageMasterUserPassword: true, BackupRetentionPeriod: 7 },
    ],
    ['AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } }],
    [
      'AWS::ElastiCache::ReplicationGroup',
      {
        Engine: 'valkey',
        AtRestEncryptionEnabled: true,
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'required',
      },
    ],
    ['AWS::EFS::FileSystem', { Encrypted: true, BackupPolicy: { Status: 'ENABLED' } }],
    [
      'AWS::S3::Bucket',
      {
        BucketEncryption: expect.anything(),
        LifecycleConfiguration: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    ],
  ])('in every %s is encrypted where it lies and on its way', async (type, properties) => {
    const found = await everything(type)
    expect(found.length).toBeGreaterThan(0)
    for (const { Properties } of found) expect(Properties).toMatchObject(properties)
  })

  it('in a bucket is taken over TLS only', async () => {
    const policies = await everything('AWS::S3::BucketPolicy')
    expect(policies).toHaveLength((await everything('AWS::S3::Bucket')).length)
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"')
    }
  })

  it('of a file system is mounted over TLS, and by a role', async () => {
    const { FileSystemPolicy } = only(await template('DevData'), 'AWS::EFS::FileSystem')
    const { Statement } = FileSystemPolicy as { Statement: Record<string, unknown>[] }
    // One that denies, and none that allows: whoever mounts it needs a role that may.
    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ])
  })

  it.each([
    ['AWS::RDS::DBInstance', 'Snapshot'],
    ['AWS::EFS::FileSystem', 'RetainExceptOnCreate'],
    ['AWS::S3::Bucket', 'RetainExceptOnCreate'],
    ['AWS::ECR::Repository', 'Retain'],
  ])('in every %s outlives its stack: %s', async (type, policy) => {
    for (const { DeletionPolicy } of await everything(type)) expect(DeletionPolicy).toBe(policy)
  })

  it('is only in subnets that no road leads out of', async () => {
    const text = (resource: Resource) => JSON.stringify(resource.Properties.SubnetIds)
    const groups = [
      ...(await everything('AWS::RDS::DBSubnetGroup')),
      ...(await everything('AWS::ElastiCache::SubnetGroup')),
    ]
    for (const group of groups) expect(text(group)).toMatch(/isolatedSubnet1.*isolatedSubnet2/)
  })
})

describe('a database', () => {
  it('is on the server that services share, or on one of its own', async () => {
    const shared = only(await template('DevData'), 'AWS::RDS::DBInstance')
    expect(shared).toMatchObject({ DBInstanceIdentifier: 'dev-database', Engine: 'postgres' })
    const own = only(await stackOf('payments'), 'AWS::RDS::DBInstance')
    expect(own).toMatchObject({ DBInstanceIdentifier: 'dev-payments-database' })
    expect(ofType(await stackOf('products'), 'AWS::RDS::DBInstance')).toEqual([])
  })

  it('wakes before its services, and sleeps by its own service’s schedule or when none needs it', async () => {
    const own = tagsOf(only(await stackOf('payments'), 'AWS::RDS::DBInstance'))
    expect(own).toMatchObject({ 'caretaker:schedule': 'office-hours', 'caretaker:order': '10' })
    const shared = tagsOf(only(await template('DevData'), 'AWS::RDS::DBInstance'))
    expect(shared).toMatchObject({ 'caretaker:schedule': 'when-needed', 'caretaker:order': '10' })
  })

  it('is backed up and maintained while it is awake, for RDS does neither while it is stopped', async () => {
    const windows = {
      PreferredBackupWindow: '12:30-13:00',
      PreferredMaintenanceWindow: 'wed:13:00-wed:13:30',
    }
    expect(only(await stackOf('payments'), 'AWS::RDS::DBInstance')).toMatchObject(windows)
    expect(only(await template('DevData'), 'AWS::RDS::DBInstance')).toMatchObject(windows)
  })

  const mornings = { running: [{ days: 'sat', from: '09:00', to: '10:30' }] }
  const nights = { running: [{ days: 'mon-fri', from: '22:00', to: '02:00' }] }
  it.each([
    ['always-on', ['always-on'], undefined],
    ['one that nobody wrote', ['nobodys'], undefined],
    [
      'one morning a week',
      ['mornings'],
      { backup: '09:30-10:00', maintenance: 'sat:10:00-sat:10:30' },
    ],
    ['over midnight', ['nights'], { backup: '01:30-02:00', maintenance: 'wed:01:00-wed:01:30' }],
    ['whichever of two runs', ['mornings', 'always-on'], undefined],
  ] as const)('windows of a database that sleeps by %s', (_, names, windows) => {
    const environment = { timeZone: 'Etc/UTC', schedules: { mornings, nights } }
    expect(windowsOf(environment as never, names)).toEqual(windows)
  })

  it('is prepared whenever its service’s stack has been deployed', async () => {
    const stack = await stackOf('products')
    const named = ({ Name }: Record<string, unknown>) => Name === 'dev-products-database'
    expect(only(stack, 'AWS::Events::Rule', named)).toMatchObject({
      EventPattern: {
        source: ['aws.cloudformation'],
        detail: {
          'stack-id': [{ Ref: 'AWS::StackId' }],
          'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
        },
      },
      Targets: [
        {
          RetryPolicy: { MaximumRetryAttempts: 8 },
          DeadLetterConfig: { Arn: expect.anything() },
          EcsParameters: { LaunchType: 'FARGATE', PropagateTags: 'TASK_DEFINITION' },
        },
      ],
    })
  })

  it('shows its administrator’s password to the preparation, and to nothing that a team runs', async () => {
    const payments = await stackOf('payments')
    const admin = 'MasterUserSecret.SecretArn'
    const reads = (role: string) => JSON.stringify(allowed(payments, role)).includes(admin)
    expect(reads('payments-database-execution')).toBe(true)
    expect(reads('payments-execution')).toBe(false)
    expect(reads('payments-task')).toBe(false)
    expect(JSON.stringify(taskDefinition(payments))).not.toContain(admin)
  })

  it('rotates its password between two users, so that running tasks can still sign in', async () => {
    const payments = await stackOf('payments')
    expect(only(payments, 'AWS::SecretsManager::RotationSchedule')).toMatchObject({
      HostedRotationLambda: { RotationType: 'PostgreSQLMultiUser' },
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    })
  })

  it('is prepared by a rule that is there some time before the stack is complete', async () => {
    const stack = await template('DevService-products')
    const [rule = ''] = ofType(stack, 'AWS::Events::Rule')
      .filter(([, { Properties }]) => Properties.Name === 'dev-products-database')
      .map(([id]) => id)
    const [, service] = ofType(stack, 'AWS::ECS::Service')[0] ?? []
    expect(service?.DependsOn).toContain(rule)
  })

  it('is prepared by an image that nobody can exchange: it is given the administrator’s password', async () => {
    const { ContainerDefinitions } = only(
      await template('DevService-products'),
      'AWS::ECS::TaskDefinition',
      ({ Family }) => Family === 'dev-products-database',
    )
    const [{ Image = '' } = {}] = ContainerDefinitions as { Image?: string }[]
    expect(Image).toMatch(/^public\.ecr\.aws\/docker\/library\/postgres@sha256:[0-9a-f]{64}$/)
  })

  it('is prepared by a script that may be run again', () => {
    const script = readFileSync('infra/environment/services/database.sql', 'utf8')
    const statements = script.replaceAll(/^--.*$/gm, '').split(/;|\\gexec/)
    const creations = statements.filter((one) => one.includes('CREATE '))
    expect(creations).toHaveLength(3)
    for (const creation of creations) expect(creation).toContain('WHERE NOT EXISTS')
  })
})

describe('what a container finds', () => {
  /** What each need adds, as the templates have it. */
  const names = (stack: Template): string[] => {
    const { Environment, Secrets = [] } = container(taskDefinition(stack))
    return [...Environment, ...Secrets].map(({ Name }) => Name)
  }

  it.each(services.filter(({ kind }) => kind !== 'worker').map(({ name }) => name))(
    '%s: what the catalog says it does, and what it says only',
    async (name) => {
      const service = services.find((one) => one.name === name)
      const found = names(await stackOf(name))
      for (const [need, variables] of Object.entries(SUPPLIED)) {
        const asked = Boolean(service?.[need as keyof typeof SUPPLIED])
        expect(
          variables.every((variable) => found.includes(variable) === asked),
          need,
        ).toBe(true)
      }
    },
  )

  it('is no password: those come from Secrets Manager', async () => {
    const { Environment, Secrets = [] } = container(taskDefinition(await stackOf('products')))
    expect(Secrets.map(({ Name }) => Name)).toEqual(['PGUSER', 'PGPASSWORD', 'REDIS_PASSWORD'])
    expect(Environment.filter(({ Name }) => /PASSWORD|SECRET|TOKEN/.test(Name))).toEqual([])
  })
})
