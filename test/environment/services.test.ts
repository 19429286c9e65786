import { describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import {
  actions,
  allowed,
  container,
  ecsService,
  stackAmong,
  stackOf,
  stackOfFile,
  taskDefinition,
} from '../kits/services.ts'
import { ofType, only, tagsOf, template } from '../kits/synth.ts'

const SMALLEST = 'team: ordering\n'
const NO_VALUE = { Ref: 'AWS::NoValue' }

/** What every task may do: open the channel of ECS Exec. */
const EXEC = [
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
]

describe('a service', () => {
  it('is called as the catalog calls it, in its cluster', async () => {
    const orders = await stackOf('orders')
    expect(ecsService(orders)).toMatchObject({ ServiceName: 'orders', Cluster: 'dev-backend' })
    expect(ecsService(await stackOf('web'))).toMatchObject({ Cluster: 'dev-frontend' })
    expect(only(orders, 'AWS::ECR::Repository').RepositoryName).toBe('orders')
  })

  it('has no task and no image of its own before the first push', async () => {
    const orders = await stackOf('orders')
    expect(orders.Parameters).toMatchObject({
      Image: { Default: 'public.ecr.aws/docker/library/busybox:stable' },
      DesiredCount: { Default: 0 },
    })
    expect(ecsService(orders)).toMatchObject({ DesiredCount: { Ref: 'DesiredCount' } })
    expect(container(taskDefinition(orders))).toMatchObject({
      Image: { Ref: 'Image' },
      DockerLabels: { 'caretaker.placeholder': { 'Fn::If': ['NeverDeployed', 'true', NO_VALUE] } },
    })
  })

  it('is rolled back by ECS after two failed tasks, healthy ones in between or not', async () => {
    expect(ecsService(await stackOf('web')).DeploymentConfiguration).toEqual({
      DeploymentCircuitBreaker: {
        Enable: true,
        Rollback: true,
        ResetOnHealthyTask: false,
        ThresholdConfiguration: { Type: 'COUNT', Value: 2 },
      },
      // Whole when all new tasks are healthy: the old ones are let go afterwards.
      EarlySuccessCriteria: {
        Enable: true,
        HealthyPercent: 100,
        SourceServiceRevisionCleanup: 'DEFERRED',
      },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    })
  })

  it('has the health checks, percentages and processor that its file asks for', async () => {
    const file = [
      'team: ordering',
      'platform: x86_64',
      'count: 2',
      'healthCommand: check',
      'route: { path: /a/*, priority: 7 }',
      'health: { start: 180, grace: 200, interval: 20, healthy: 3, unhealthy: 4 }',
      'deployment: { failures: 1, minimum: 50, maximum: 100 }',
    ]
    const alpha = await stackOfFile(file.join('\n'))
    expect(ecsService(alpha)).toMatchObject({
      HealthCheckGracePeriodSeconds: 200,
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { ThresholdConfiguration: { Type: 'COUNT', Value: 1 } },
        MinimumHealthyPercent: 50,
        MaximumPercent: 100,
      },
    })
    expect(taskDefinition(alpha).RuntimePlatform).toMatchObject({ CpuArchitecture: 'X86_64' })
    expect(container(taskDefinition(alpha)).HealthCheck).toMatchObject({
      Interval: 20,
      Timeout: 5,
      Retries: 4,
      StartPeriod: 180,
    })
    expect(only(alpha, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      HealthCheckIntervalSeconds: 20,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 3,
      UnhealthyThresholdCount: 4,
    })
  })

  it('says by its tags what it takes and when it sleeps, and only the ECS service does', async () => {
    const orders = await stackOf('orders')
    expect(tagsOf(ecsService(orders))).toEqual({
      'caretaker:service': 'orders',
      'caretaker:owner': 'ordering',
      'caretaker:environment': 'dev',
      'caretaker:deploy': 'main',
      'caretaker:repository': 'orders',
      'caretaker:count': '1',
      'caretaker:schedule': 'office-hours',
      'caretaker:order': '20',
    })
    const others = Object.values(orders.Resources).filter(
      ({ Type, Properties }) =>
        Type !== 'AWS::ECS::Service' && 'caretaker:deploy' in tagsOf(Properties),
    )
    expect(others).toEqual([])
  })

  it('writes a glob policy the way a tag can hold it, and how long nobody must use it', async () => {
    const stack = await stackOfFile(`${SMALLEST}deploy: glob:feature-*\ncount: 3\nidle: 4h\n`)
    expect(tagsOf(ecsService(stack))).toMatchObject({
      'caretaker:deploy': 'glob:feature-@',
      'caretaker:count': '3',
      'caretaker:idle': '4h',
    })
  })

  it('runs on ARM in 256/512, logs under its name, and knows who it is and whom it calls', async () => {
    const definition = taskDefinition(await stackOf('orders'))
    expect(definition).toMatchObject({
      Family: 'dev-orders',
      Cpu: '256',
      Memory: '512',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    })
    expect(container(definition)).toMatchObject({
      Name: 'orders',
      PortMappings: [{ ContainerPort: 8080 }],
      Environment: [
        { Name: 'SERVICE_NAME', Value: 'orders' },
        { Name: 'ENVIRONMENT', Value: 'dev' },
        { Name: 'PORT', Value: '8080' },
        { Name: 'PAYMENTS_URL', Value: 'http://payments.dev.internal:8080' },
        { Name: 'PRODUCTS_URL', Value: 'http://products.dev.internal:8080' },
      ],
      LogConfiguration: { Options: { 'awslogs-stream-prefix': 'orders' } },
    })
  })

  it('has a container health check only if it asks for one', async () => {
    expect(container(taskDefinition(await stackOf('orders')))).toHaveProperty('HealthCheck')
    expect(container(taskDefinition(await stackOf('web')))).not.toHaveProperty('HealthCheck')
  })

  it('may do nothing in AWS unless its file asks; a person may open a shell in it', async () => {
    const orders = await stackOf('orders')
    expect(actions(orders, 'orders-task')).toEqual(EXEC)
    expect(ecsService(orders)).toMatchObject({ EnableExecuteCommand: true })
  })

  it('is started by a role that pulls its image and writes its log, and nothing else', async () => {
    const orders = await stackOf('orders')
    expect(actions(orders, 'orders-execution')).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ])
    const anywhere = allowed(orders, 'orders-execution').filter(({ Resource }) => Resource === '*')
    expect(anywhere.map(({ Action }) => Action)).toEqual(['ecr:GetAuthorizationToken'])
  })

  it('never loses a tagged image', async () => {
    const { LifecyclePolicy, ImageScanningConfiguration } = only(
      await stackOf('orders'),
      'AWS::ECR::Repository',
    )
    expect(ImageScanningConfiguration).toEqual({ ScanOnPush: true })
    const { LifecyclePolicyText } = LifecyclePolicy as { LifecyclePolicyText: string }
    const { rules } = JSON.parse(LifecyclePolicyText) as { rules: unknown[] }
    expect(rules).toEqual([
      expect.objectContaining({
        rulePriority: 1,
        selection: {
          tagStatus: 'tagged',
          tagPrefixList: ['caretaker-'],
          countType: 'imageCountMoreThan',
          countNumber: 9999,
        },
      }),
      expect.objectContaining({
        rulePriority: 2,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 100 },
      }),
    ])
  })

  it('shares the repository with another that names the same', async () => {
    const directory = templatesOf(
      catalogOf({
        'services/one.yaml': `${SMALLEST}repository: shared\n`,
        'services/two.yaml': `${SMALLEST}repository: shared\n`,
      }),
    )
    const [one, two] = [
      await template('DevService-one', directory),
      await template('DevService-two', directory),
    ]
    expect(ofType(one, 'AWS::ECR::Repository')).toHaveLength(1)
    expect(ofType(two, 'AWS::ECR::Repository')).toHaveLength(0)
    expect(tagsOf(ecsService(two))['caretaker:repository']).toBe('shared')
  })

  it('scales on CPU only if it asks to, and never starts before its first image', async () => {
    expect(ofType(await stackOf('orders'), 'AWS::ApplicationAutoScaling::ScalableTarget')).toEqual(
      [],
    )
    const stack = await stackOfFile(`${SMALLEST}scaling: { min: 2, max: 5, cpu: 60 }\n`)
    expect(only(stack, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
      MinCapacity: { Ref: 'LeastTasks' },
      MaxCapacity: 5,
    })
    expect(stack.Parameters?.LeastTasks).toMatchObject({ Default: 0, MaxValue: 2 })
    expect(only(stack, 'AWS::ApplicationAutoScaling::ScalingPolicy')).toMatchObject({
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 },
    })
    expect(tagsOf(ecsService(stack))['caretaker:count']).toBe('2')
  })
})

describe('how a service is reached', () => {
  it('in Cloud Map by all, behind the load balancer only with a route', async () => {
    const [orders, web] = [await stackOf('orders'), await stackOf('web')]
    expect(only(orders, 'AWS::ServiceDiscovery::Service').Name).toBe('orders')
    expect(ecsService(orders).LoadBalancers).toEqual([])
    expect(only(web, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      TargetGroupAttributes: expect.arrayContaining([
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
      ]),
    })
    expect(only(web, 'AWS::ElasticLoadBalancingV2::ListenerRule')).toMatchObject({
      // The number before it is free: there stands the rule to the page while it sleeps.
      Priority: 20_000 + 2 * 1000,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    })
  })

  it('by a port of the network load balancer that its own stack opens', async () => {
    const gateway = await stackOf('gateway')
    expect(only(gateway, 'AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({
      Port: 7000,
      Protocol: 'TCP',
    })
    expect(only(gateway, 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      CidrIp: '0.0.0.0/0',
      FromPort: 7000,
      ToPort: 7000,
    })
    expect(only(gateway, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      Port: 8080,
      Protocol: 'TCP',
    })
    expect(ecsService(gateway).LoadBalancers).toHaveLength(1)
  })

  it('not at all when it is a worker', async () => {
    const mailer = await stackOf('mailer')
    expect(ofType(mailer, 'AWS::ServiceDiscovery::Service')).toEqual([])
    expect(container(taskDefinition(mailer))).not.toHaveProperty('PortMappings')
    expect(ecsService(mailer)).toMatchObject({
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
    })
  })
})

describe('a job', () => {
  it('is a schedule that starts a task with the newest image of its tag', async () => {
    const job = await stackOf('nightly-report')
    expect(ofType(job, 'AWS::ECS::Service')).toEqual([])
    expect(only(job, 'AWS::Scheduler::Schedule')).toMatchObject({
      Name: 'dev-nightly-report-job',
      ScheduleExpression: 'cron(30 18 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: {
        EcsParameters: {
          TaskCount: 1,
          CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
          NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
        },
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: expect.anything() },
      },
    })
    expect(JSON.stringify(container(taskDefinition(job)).Image)).toContain(':main"')
  })

  it('is started by a role that may start it and no other, in its cluster', async () => {
    const job = await stackOf('nightly-report')
    const [taskId] = ofType(job, 'AWS::ECS::TaskDefinition')[0] ?? []
    const { PolicyDocument } = only(job, 'AWS::IAM::Policy', (policy) =>
      JSON.stringify(policy).includes('ecs:RunTask'),
    )
    const { Statement } = PolicyDocument as { Statement: Record<string, unknown>[] }
    expect(Statement[0]).toMatchObject({ Action: 'ecs:RunTask', Resource: { Ref: taskId } })
    expect(JSON.stringify(Statement[0]?.Condition)).toContain(':cluster/dev-backend')
    expect(Statement.map(({ Action }) => Action)).toEqual([
      'ecs:RunTask',
      'ecs:TagResource',
      'iam:PassRole',
      'sqs:SendMessage',
    ])
  })
})

describe('what a file asks for', () => {
  /** What a service asks for, and what its code may do then. */
  const ASKED: [string, string, string[]][] = [
    ['nothing', '', []],
    [
      'a bucket',
      'bucket: true\n',
      ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
    ],
    ['files', 'files: /data\n', ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']],
    // A network, a user and a password are enough for these.
    ['a database', 'database: shared\n', []],
    ['a cache', 'cache: true\n', []],
    ['a secret', 'secrets: [TOKEN]\n', []],
  ]
  test.each(ASKED)('%s, and no more, its code may use', async (what, _, expected) => {
    const files = ASKED.map(([each, yaml]) => [each, `${SMALLEST}${yaml}`] as const)
    const { name, stack } = await stackAmong(files, what)
    expect(actions(stack, `${name}-task`)).toEqual([...expected, ...EXEC].toSorted())
  })

  it('of secrets: each variable is one, and ECS may read these only', async () => {
    const stack = await stackOfFile(`${SMALLEST}secrets: [TOKEN, OTHER]\n`)
    const secrets = ofType(stack, 'AWS::SecretsManager::Secret')
    expect(secrets.map(([, { Properties }]) => Properties.Name)).toEqual([
      'dev/one/TOKEN',
      'dev/one/OTHER',
    ])
    const reading = allowed(stack, 'one-execution').filter(
      ({ Action }) => Action === 'secretsmanager:GetSecretValue',
    )
    expect(reading).toEqual([
      expect.objectContaining({
        Resource: expect.arrayContaining(secrets.map(([id]) => ({ Ref: id }))),
      }),
    ])
  })

  it('of files: a directory of its own, over TLS and by its role', async () => {
    const products = await stackOf('products')
    expect(only(products, 'AWS::EFS::AccessPoint').RootDirectory).toMatchObject({
      Path: '/products',
    })
    expect(taskDefinition(products).Volumes).toMatchObject([
      {
        EFSVolumeConfiguration: {
          TransitEncryption: 'ENABLED',
          AuthorizationConfig: { IAM: 'ENABLED' },
        },
      },
    ])
    expect(container(taskDefinition(products)).MountPoints).toEqual([
      { ContainerPath: '/var/images', ReadOnly: false, SourceVolume: 'files' },
    ])
  })
})

it('a task before each deployment is asked for by a label, beside the placeholder’s', async () => {
  const stack = await stackOfFile(`${SMALLEST}preDeploy: [./manage.py, migrate]\n`)
  expect(container(taskDefinition(stack)).DockerLabels).toEqual({
    'caretaker.placeholder': { 'Fn::If': ['NeverDeployed', 'true', NO_VALUE] },
    'caretaker.pre-deploy': '["./manage.py","migrate"]',
  })
})

it('has further names, health codes, a time to drain, and no shell where its file says so', async () => {
  const file = `${SMALLEST}database: shared
cache: true
cpu: 8192
memory: 20480
aliases: { DB_HOST: PGHOST, DB_PASSWORD: PGPASSWORD, CACHE: REDIS_HOST }
health: { codes: 200-299 }
route: { path: /a/*, priority: 7, drain: 120, sticky: 3600 }
securityGroups: [sg-0123456789abcdef0]
exec: false
`
  const directory = templatesOf(catalogOf({ 'services/one.yaml': file }))
  const stack = await template('DevService-one', directory)
  const definition = taskDefinition(stack)
  const { Environment, Secrets = [] } = container(definition)
  const value = (name: string) => Environment.find(({ Name }) => Name === name)?.Value
  const secret = (name: string) => Secrets.find(({ Name }) => Name === name)?.ValueFrom
  expect(value('PGHOST')).toBeDefined()
  expect([value('DB_HOST'), value('CACHE')]).toEqual([value('PGHOST'), value('REDIS_HOST')])
  expect(secret('PGPASSWORD')).toBeDefined()
  expect(secret('DB_PASSWORD')).toEqual(secret('PGPASSWORD'))
  expect(definition).toMatchObject({ Cpu: '8192', Memory: '20480' })
  expect(only(stack, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
    Matcher: { HttpCode: '200-299' },
    TargetGroupAttributes: expect.arrayContaining([
      { Key: 'deregistration_delay.timeout_seconds', Value: '120' },
      { Key: 'stickiness.lb_cookie.duration_seconds', Value: '3600' },
    ]),
  })
  expect(ecsService(stack)).toMatchObject({
    EnableExecuteCommand: false,
    NetworkConfiguration: {
      AwsvpcConfiguration: { SecurityGroups: [expect.anything(), 'sg-0123456789abcdef0'] },
    },
  })
  expect(allowed(stack, 'one-task')).toEqual([])
})
