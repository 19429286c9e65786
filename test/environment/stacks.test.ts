import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { App, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { caretakerStateMachine } from '../../infra/control-plane/state-machine.ts'
import { acknowledgeWildcards } from '../../infra/nag.ts'
import { nameEnvironment } from '../../infra/names.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogWith } from '../kits/catalog.ts'
import { ofType, only, type Resource, tagsOf, template } from '../kits/synth.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const SERVICES = readCatalog('catalog').services.map(({ name }) => name)
const SERVICE_STACKS = SERVICES.map((name) => `DevService-${name}`)
const STACKS = ['DevAccess', 'DevEnvironment', 'DevData', ...SERVICE_STACKS, 'DevControlPlane']

/** Types in our templates that CloudFormation cannot tag. */
const UNTAGGABLE = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::Route',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::EFS::MountTarget',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::IAM::Group',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::Lambda::Url',
  // Schedules carry no tags, only their groups do.
  'AWS::Scheduler::Schedule',
])

/** It waits for the answer of a function, as whoever asks it does. */
const BALANCER = 'elasticloadbalancing.amazonaws.com'
/** The topic of the budgets' alerts. */
const TOPICS = 'sns.amazonaws.com'

describe('every stack', () => {
  test.each(STACKS)('%s: everything says whose it is and where it belongs', async (stack) => {
    const { Resources } = await template(stack)
    const silent = Object.entries(Resources)
      .filter(([, { Type }]) => !UNTAGGABLE.has(Type))
      .filter(([, { Properties }]) => {
        const tags = tagsOf(Properties)
        return tags['caretaker:environment'] !== 'dev' || !tags['caretaker:owner']
      })
    expect(silent.map(([id, { Type }]) => `${Type} ${id}`)).toEqual([])
  })

  test.each(SERVICES)('of %s: everything says so', async (service) => {
    const { Resources } = await template(`DevService-${service}`)
    const silent = Object.values(Resources)
      .filter(({ Type }) => !UNTAGGABLE.has(Type))
      .filter(({ Properties }) => tagsOf(Properties)['caretaker:service'] !== service)
    expect(silent).toEqual([])
  })

  it('is alone with what it holds, and far from the 500 resources a stack may have', async () => {
    for (const stack of STACKS) {
      const { Resources, Outputs = {} } = await template(stack)
      expect(Object.keys(Resources).length, stack).toBeLessThan(160)
      expect(Object.keys(Outputs).length, stack).toBeLessThan(20)
    }
  })

  test.each(SERVICE_STACKS)('%s: no other stack waits for it', async (stack) => {
    expect((await template(stack)).Outputs).toBeUndefined()
  })

  test.each(STACKS)('%s: every log group forgets', async (stack) => {
    const groups = ofType(await template(stack), 'AWS::Logs::LogGroup')
    if (stack !== 'DevAccess') expect(groups.length, 'everything writes a log').toBeGreaterThan(0)
    for (const [id, { Properties }] of groups) {
      expect(Properties.RetentionInDays, id).toBeGreaterThan(0)
    }
  })

  test.each(STACKS)('%s: no managed policies, no custom resources', async (stack) => {
    const { Resources } = await template(stack)
    const found = Object.values(Resources).filter(
      ({ Type, Properties }) =>
        Type.startsWith('Custom::') ||
        Type === 'AWS::CloudFormation::CustomResource' ||
        'ManagedPolicyArns' in Properties,
    )
    expect(found).toEqual([])
  })

  it.each([
    ['AWS::CloudWatch::Alarm', 'AlarmName'],
    ['AWS::CloudWatch::Dashboard', 'DashboardName'],
    ['AWS::DynamoDB::Table', 'TableName'],
    ['AWS::EC2::SecurityGroup', 'GroupName'],
    ['AWS::ECS::Cluster', 'ClusterName'],
    ['AWS::ECS::TaskDefinition', 'Family'],
    ['AWS::ElastiCache::ReplicationGroup', 'ReplicationGroupId'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'Name'],
    ['AWS::Events::Rule', 'Name'],
    ['AWS::IAM::Group', 'GroupName'],
    ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::Lambda::Function', 'FunctionName'],
    ['AWS::Logs::LogGroup', 'LogGroupName'],
    ['AWS::RDS::DBInstance', 'DBInstanceIdentifier'],
    ['AWS::SNS::Topic', 'TopicName'],
    ['AWS::SQS::Queue', 'QueueName'],
    ['AWS::Scheduler::Schedule', 'Name'],
    ['AWS::SecretsManager::Secret', 'Name'],
    ['AWS::StepFunctions::StateMachine', 'StateMachineName'],
  ])('calls every %s after its environment', async (type, property) => {
    const templates = await Promise.all(STACKS.map((stack) => template(stack)))
    const names = templates
      .flatMap((one) => ofType(one, type))
      .flatMap(([, { Properties }]) => (property in Properties ? [Properties[property]] : []))
    expect(names.length).toBeGreaterThan(0)
    // A log group of an AWS service begins as that service wants it.
    for (const name of names) expect(name).toMatch(/^(\/aws\/[a-z/]+\/|\/)?dev[-/]/)
  })

  it('names no account, so that each may take it', async () => {
    for (const stack of STACKS) {
      expect(JSON.stringify(await template(stack))).not.toMatch(/\b\d{12}\b/)
    }
  })
})

describe('alarms', () => {
  // Or an execution that failed, or another page that leads to it.
  it('have a runbook each, and runbooks an alarm', async () => {
    const templates = await Promise.all(STACKS.map((stack) => template(stack)))
    const named = templates
      .flatMap((one) => ofType(one, 'AWS::CloudWatch::Alarm'))
      .map(([, { Properties }]) =>
        /docs\/runbooks\/([\w-]+\.md)/.exec(String(Properties.AlarmDescription))?.at(1),
      )
    const machines = ofType(await template('DevControlPlane'), 'AWS::StepFunctions::StateMachine')
    const ofExecutions = machines
      .map(([, { Properties }]) => String(Properties.StateMachineName).replace('dev-', ''))
      .flatMap((machine) => [`${machine}-failed.md`, `${machine}-timed-out.md`])
    // What the sweep tells without an alarm.
    const needed = [...named, ...ofExecutions, 'service-tasks-missing.md']
    const pages = readdirSync('docs/runbooks')
    expect(needed.filter((page) => !pages.includes(page ?? ''))).toEqual([])
    const linked = pages.flatMap((page) =>
      [...readFileSync(`docs/runbooks/${page}`, 'utf8').matchAll(/\(([\w-]+\.md)\)/g)].map(
        ([, other]) => other,
      ),
    )
    expect(pages.filter((page) => !needed.includes(page) && !linked.includes(page))).toEqual([])
  })

  it('hand their tags on in their events, and act on nothing but what tells the others', async () => {
    const templates = await Promise.all(STACKS.map((stack) => template(stack)))
    const all = templates
      .flatMap((one) => ofType(one, 'AWS::CloudWatch::Alarm'))
      .map(([, { Properties }]) => Properties)
    for (const alarm of all) {
      expect(alarm.ActionConfiguration, String(alarm.AlarmName)).toMatchObject({
        AlarmTagsPropagation: {
          Enabled: true,
          IncludedTagKeys: expect.arrayContaining(['caretaker:owner', 'caretaker:environment']),
        },
      })
      expect(tagsOf(alarm)['caretaker:severity']).toMatch(/^(page|look)$/)
    }
    const acting = all.filter((alarm) => alarm.AlarmActions !== undefined)
    expect(acting.map(({ AlarmName }) => AlarmName).toSorted()).toEqual([
      'dev-control-plane-dlq',
      'dev-notices-late',
      'dev-tell-slack-errors',
    ])
  })
})

describe('the control plane', () => {
  it('gives every rule target and schedule a bounded retry and a dead-letter queue', async () => {
    const control = await template('DevControlPlane')
    const targets = [
      ...ofType(control, 'AWS::Events::Rule').flatMap(([, r]) => r.Properties.Targets as Target[]),
      ...ofType(control, 'AWS::Scheduler::Schedule').map(([, r]) => r.Properties.Target as Target),
    ]
    expect(targets.length).toBeGreaterThan(4)
    for (const target of targets) {
      expect(target.DeadLetterConfig?.Arn).toBeDefined()
      expect(target.RetryPolicy?.MaximumRetryAttempts).toBeLessThanOrEqual(8)
      expect(target.RetryPolicy?.MaximumEventAgeInSeconds).toBeLessThanOrEqual(6 * 60 * 60)
    }
  })

  it('lets only its own functions, and the clock of what sleeps, start machines', async () => {
    const control = await template('DevControlPlane')
    const starters = ofType(control, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties.PolicyDocument).includes('states:StartExecution'),
    )
    const roles = starters.flatMap(([, { Properties }]) => Properties.Roles as { Ref: string }[])
    const owners = ofType(control, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
      roles.some(({ Ref }) => Ref === idOf(Properties.Role)),
    )
    expect(owners.map(([, { Properties }]) => Properties.FunctionName).toSorted()).toEqual([
      'dev-answer-caller',
      'dev-answer-slack',
      'dev-answer-visitor',
      'dev-keep-budgets',
      'dev-record-change',
      'dev-start-circuit',
      'dev-start-roll-outs',
      'dev-sweep',
    ])
    const clock = starters.find(([id]) => id.startsWith('sleepclock'))
    expect(JSON.stringify(clock?.[1].Properties.PolicyDocument)).toContain('dev-sleep')
    expect(starters).toHaveLength(9)
  })

  it('lets only the rules, schedules and load balancer of this account invoke its functions', async () => {
    const control = await template('DevControlPlane')
    const all = ofType(control, 'AWS::Lambda::Permission')
    const balanced = all.filter(([, { Properties }]) => Properties.Principal === BALANCER)
    expect(balanced.map(([, { Properties }]) => idOf(Properties.FunctionName))).toEqual([
      expect.stringMatching(/^sleepvisitorsanswervisitor/),
    ])
    expect(JSON.stringify(balanced[0]?.[1].Properties.SourceArn)).toContain(
      '{"Ref":"AWS::AccountId"},":targetgroup/dev-wake/*"',
    )
    const alerts = all.filter(([, { Properties }]) => Properties.Principal === TOPICS)
    expect(alerts).toHaveLength(1)
    expect(JSON.stringify(alerts[0]?.[1].Properties.SourceArn)).toContain(
      '{"Ref":"AWS::AccountId"},":dev-budgets"',
    )
    const permissions = all.filter(
      ([, { Properties }]) => !['*', BALANCER, TOPICS].includes(String(Properties.Principal)),
    )
    for (const [, { Properties }] of permissions) {
      expect(Properties).toMatchObject({
        Principal: 'events.amazonaws.com',
        SourceArn: {
          'Fn::GetAtt': [
            expect.stringMatching(/^(rollout|sweep|health|changes|alarms|pipelines|failures|tags)/),
            'Arn',
          ],
        },
      })
    }
    const schedulers = ofType(control, 'AWS::IAM::Role').filter(([, { Properties }]) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
    )
    // One for each function on a schedule, and one for what starts the machine of what sleeps.
    expect(schedulers).toHaveLength(4)
    for (const [, { Properties }] of schedulers) {
      expect(JSON.stringify(Properties.AssumeRolePolicyDocument)).toContain(
        '"aws:SourceAccount":{"Ref":"AWS::AccountId"}',
      )
    }
  })

  it('lets everybody ask one function, through its URL and no other way', async () => {
    const control = await template('DevControlPlane')
    const open = ofType(control, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => Principal === '*')
    const FunctionName = { 'Fn::GetAtt': [expect.stringMatching(/^actsreceiveslack/), 'Arn'] }
    const [url, invocation, ...more] = open.toSorted((a, b) =>
      String(b.Action).localeCompare(String(a.Action)),
    )
    expect(more).toEqual([])
    expect(url).toEqual({
      ...{ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionName },
      FunctionUrlAuthType: 'NONE',
    })
    expect(invocation).toEqual({
      ...{ Action: 'lambda:InvokeFunction', Principal: '*', FunctionName },
      InvokedViaFunctionUrl: true,
    })
    const urls = ofType(control, 'AWS::Lambda::Url').map(
      ([, { Properties }]) => Properties.AuthType,
    )
    expect(urls.toSorted()).toEqual(['AWS_IAM', 'NONE'])
    const receive = only(
      control,
      'AWS::Lambda::Function',
      (properties) => properties.FunctionName === 'dev-receive-slack',
    )
    expect(receive.ReservedConcurrentExecutions).toBe(5)
  })

  it('reserves nothing where the catalog does without, as a new account must', async () => {
    const yaml = readFileSync('catalog/environment.yaml', 'utf8')
    const parts = 'parts: { entranceLimit: false }\n'
    const without = templatesOf(catalogWith({ 'environment.yaml': `${yaml}\n${parts}` }), {
      isValidated: true,
    })
    const functions = ofType(await template('DevControlPlane', without), 'AWS::Lambda::Function')
    expect(functions.length).toBeGreaterThan(8)
    const reserved = functions.filter(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions !== undefined,
    )
    expect(reserved).toEqual([])
  })

  it('retries what an asynchronous function failed on, then puts it aside', async () => {
    const control = await template('DevControlPlane')
    const scheduled = ofType(control, 'AWS::Scheduler::Schedule').map(
      ([, r]) => (r.Properties.Target as { Arn: unknown }).Arn,
    )
    const invoked = new Set([
      ...ofType(control, 'AWS::Lambda::Permission')
        .filter(([, { Properties }]) => !['*', BALANCER].includes(String(Properties.Principal)))
        .map(([, r]) => idOf(r.Properties.FunctionName)),
      ...scheduled.map(idOf),
      // The entrance for Slack hands on to it.
      ...Object.keys(control.Resources).filter((id) => /^actsanswerslack[0-9A-F]{8}$/.test(id)),
    ])
    const configured = ofType(control, 'AWS::Lambda::EventInvokeConfig')
    expect(new Set(configured.map(([, r]) => idOf(r.Properties.FunctionName)))).toEqual(invoked)
    for (const [, { Properties }] of configured) {
      expect(Properties).toMatchObject({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      })
    }
  })

  it('gives every function Node 24 on ARM, its own role and its own log', async () => {
    const control = await template('DevControlPlane')
    const functions = ofType(control, 'AWS::Lambda::Function')
    const names = functions.map(([, { Properties }]) => String(Properties.FunctionName))
    expect(names).toContain('dev-plan-roll-out')
    const roles = new Set(functions.map(([, { Properties }]) => idOf(Properties.Role)))
    expect(roles.size).toBe(functions.length)
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON' },
      })
      const log = control.Resources[idOf((Properties.LoggingConfig as Logging).LogGroup)]
      expect(log?.Properties.LogGroupName).toBe(`/aws/lambda/${Properties.FunctionName}`)
    }
  })

  it('pays for an alarm only where AWS sends no event: dead letters, and two about the notifier', async () => {
    const { Resources } = await template('DevControlPlane')
    expect(alarms(Resources).toSorted()).toEqual([
      'dev-control-plane-dlq',
      'dev-notices-late',
      'dev-tell-slack-errors',
    ])
  })

  it('logs and traces every machine, and watches it', async () => {
    const control = await template('DevControlPlane')
    for (const [, { Properties }] of ofType(control, 'AWS::StepFunctions::StateMachine')) {
      expect(Properties).toMatchObject({
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
        TracingConfiguration: { Enabled: true },
        DefinitionString: expect.stringContaining('"JSONata"'),
      })
      const name = Properties.StateMachineName
      const recorder = ofType(control, 'AWS::Lambda::Function').find(
        ([, one]) => one.Properties.FunctionName === 'dev-record-failure',
      )
      expect(JSON.stringify(recorder?.[1].Properties.Environment)).toContain(String(name))
    }
  })

  it('remembers in a table that outlives it', async () => {
    const [table] = ofType(await template('DevControlPlane'), 'AWS::DynamoDB::Table')
    expect(table?.[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'dev-caretaker',
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    })
  })

  it('needs no other stack', async () => {
    expect(JSON.stringify(await template('DevControlPlane'))).not.toContain('Fn::ImportValue')
  })
})

type Target = {
  DeadLetterConfig?: { Arn: unknown }
  RetryPolicy?: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number }
}
type Logging = { LogGroup: unknown }

/** The logical id that `Ref` or `Fn::GetAtt` names. */
function idOf(reference: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = reference as { Ref?: string; 'Fn::GetAtt'?: string[] }
  return Ref ?? attribute?.[0] ?? ''
}

function alarms(resources: Record<string, Resource>): unknown[] {
  return ofType({ Resources: resources }, 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) => Properties.AlarmName,
  )
}

describe('synth fails', () => {
  it('for a catalog that cannot be used, with its lines and nothing else', () => {
    const catalog = catalogWith({ 'services/a.yaml': 'team: ordering\ncluster: middle\n' })
    const out = temporaryDirectory()
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts', out, catalog], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr.trimEnd()).toMatch(
      /^\S+a\.yaml:2 cluster: found "middle", allowed: frontend or backend .*; change it$/,
    )
  })

  it('for a finding nobody has explained, naming construct and rule', () => {
    expect(() => stackWithWildcard().app.synth()).toThrow(
      /Finding\/role\/DefaultPolicy[\s\S]*AwsSolutions-IAM5\[Resource::arn:aws:ecs:eu-central-1:<AWS::AccountId>:service\/\*\]/,
    )
  })

  it('no longer once it is explained on that role', () => {
    const { app, fn, resource } = stackWithWildcard()
    acknowledgeWildcards(fn, [resource], 'a test')
    expect(() => app.synth()).not.toThrow()
  })

  it('when placeholders and substitutions of a machine do not pair up', () => {
    const stack = new Stack(new App({ outdir: temporaryDirectory() }), 'Machine')
    nameEnvironment(stack, 'dev')
    expect(() =>
      caretakerStateMachine(stack, 'roll-out', {
        file: 'statemachines/roll-out.asl.json',
        substitutions: {
          Table: 't',
          PlanRollOut: 'p',
          LookSeconds: '1',
          KeptSeconds: '1',
          Tabel: 't',
        },
        grants: [],
      }),
    ).toThrow(
      `statemachines/roll-out.asl.json: ${'$'}{WatchDeployment} has no substitution; substitution Tabel is not used`,
    )
  })
})

function stackWithWildcard() {
  const app = new App({
    context: { '@aws-cdk/core:enablePartitionLiterals': true },
    outdir: temporaryDirectory(),
  })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  const stack = new Stack(app, 'Finding', { env: { region: 'eu-central-1' } })
  const role = new Role(stack, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  const resource = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: '*' })
  role.addToPolicy(
    new PolicyStatement({ actions: ['ecs:DescribeServices'], resources: [resource] }),
  )
  const fn = new LambdaFunction(stack, 'function', {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    role,
  })
  return { app, fn, resource }
}
