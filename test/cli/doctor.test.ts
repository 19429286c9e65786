import { spawnSync } from 'node:child_process'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { judgeAnomalies } from '../../cli/doctor/anomalies.ts'
import { demandOf } from '../../cli/doctor/demand.ts'
import { examine } from '../../cli/doctor/doctor.ts'
import type { Finding, Level } from '../../cli/doctor/finding.ts'
import { line } from '../../cli/doctor/finding.ts'
import {
  judgeAlarms,
  judgeBootstrap,
  judgeCloudTrail,
  judgeConcurrency,
  judgeConnection,
  judgeCostTags,
  judgeIdentity,
  judgeQuota,
  judgeRepositories,
  judgeRules,
  judgeServiceLinkedRoles,
  judgeSlack,
  judgeZones,
} from '../../cli/doctor/judge.ts'
import type { Operations } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { catalogOf } from '../kits/catalog.ts'
import { beyondOperators } from '../kits/operator.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const place = { account: '123456789012', region: 'eu-central-1' }
const who = (role: string, account = '123456789012') => ({
  account,
  arn: `arn:aws:${role}`,
  name: 'ann',
})
const QUOTA = { name: 'VPCs', service: 'vpc', code: 'L-F678F1CE' }
const trail = {
  name: 'all',
  logging: true,
  writes: true,
  everyRegion: true,
  region: 'us-east-1',
  bucket: 'aws-cloudtrail-logs-123456789012',
}
const here = (said: 'own' | 'account' | 'none' = 'account') => ({
  ...{ region: 'eu-central-1', name: 'dev', trail: said },
})
const zones = (...ids: string[]) => ids.map((id) => ({ name: id, id }))
const repository = (environment?: string) => ({ name: 'orders', environment })
const SECRET = 'dev/caretaker/slack'
const tags = ['caretaker:environment', 'caretaker:owner', 'caretaker:service']

const MONITOR = {
  arn: 'arn:aws:ce::123456789012:anomalymonitor/1-2',
  name: 'Default-Services-Monitor',
  dimension: 'SERVICE',
}
/** Of what is found unusual by what the catalog says, in an account with these monitors. */
const anomalies = (monitor: string, ...monitors: (typeof MONITOR)[]) =>
  judgeAnomalies({ monitor }, 'dev', monitors)

describe('a judgement', () => {
  test.each<[string, Finding, Level, RegExp]>([
    ['a role', judgeIdentity(who('sts::123456789012:assumed-role/dev/ann'), place), 'OK', /ann$/],
    ['any account', judgeIdentity(who('sts::1:assumed-role/a/b', '1'), { region: 'x' }), 'OK', /x/],
    ['another account', judgeIdentity(who('sts::1:role/a', '1'), place), 'FAIL', /Sign in to 1234/],
    ['an IAM user', judgeIdentity(who('iam::123456789012:user/ann'), place), 'WARN', /keys never/],
    ['root', judgeIdentity(who('iam::123456789012:root'), place), 'FAIL', /Do not work as root/],
    ['enough zones', judgeZones(zones('a', 'b', 'c'), 3, 'r'), 'OK', /3 availability zones/],
    ['too few zones', judgeZones(zones('a', 'b'), 3, 'r'), 'FAIL', /Lower availabilityZones/],
    [
      'a zone without Fargate',
      judgeZones(zones('apne1-az4', 'apne1-az3', 'apne1-az1'), 2, 'ap-northeast-1'),
      'WARN',
      /no tasks in apne1-az3/,
    ],
    [
      'one that is not used',
      judgeZones(zones('apne1-az4', 'apne1-az1', 'apne1-az3'), 2, 'ap-northeast-1'),
      'OK',
      /3 availability zones/,
    ],
    ['a bootstrap', judgeBootstrap('ready'), 'OK', /bootstrapped/],
    [
      'no bootstrap',
      judgeBootstrap('missing'),
      'WARN',
      /npx caretaker environment deploy does it first/,
    ],
    ['an old bootstrap', judgeBootstrap('old'), 'WARN', /too old/],
    ['every role', judgeServiceLinkedRoles([]), 'OK', /have their roles/],
    ['a new account', judgeServiceLinkedRoles(['AWSServiceRoleForECS']), 'WARN', /deploy makes/],
    ['room', judgeQuota(QUOTA, { used: 1, needed: 1, limit: 5 }), 'OK', /1 used, 1 needed, 5/],
    [
      'little room',
      judgeQuota(QUOTA, { used: 4, needed: 1, limit: 5 }),
      'WARN',
      /desired-value 10/,
    ],
    ['no room', judgeQuota(QUOTA, { used: 5, needed: 1, limit: 5 }), 'FAIL', /L-F678F1CE .* 9$/m],
    [
      'concurrency to reserve',
      judgeConcurrency({ limit: 1000, unreserved: 1000, own: 0 }, 5),
      'OK',
      /900 of it can be reserved, 5 needed/,
    ],
    [
      'a new account’s concurrency',
      judgeConcurrency({ limit: 10, unreserved: 10, own: 0 }, 5),
      'FAIL',
      /0 of it can be reserved, 5 needed\n.*L-B99A9384.*entranceLimit: false/,
    ],
    [
      'concurrency that others have reserved',
      judgeConcurrency({ limit: 1000, unreserved: 104, own: 0 }, 5),
      'FAIL',
      /4 of it can be reserved/,
    ],
    [
      'concurrency that the entrance has reserved itself',
      judgeConcurrency({ limit: 1000, unreserved: 100, own: 5 }, 5),
      'OK',
      /5 of it can be reserved/,
    ],
    [
      'an entrance without a limit',
      judgeConcurrency({ limit: 10, unreserved: 10, own: 0 }, 0),
      'WARN',
      /a flood .*\n.*once there is more/,
    ],
    ['a trail', judgeCloudTrail([trail], here()), 'OK', /all/],
    ['no trail', judgeCloudTrail([], here()), 'WARN', /no trail.*\n.*trail: own/],
    [
      'no trail, as the catalog says',
      judgeCloudTrail([], here('none')),
      'OK',
      /counts as a person/,
    ],
    [
      'no trail of its own yet',
      judgeCloudTrail([], here('own')),
      'WARN',
      /npx caretaker environment deploy makes it/,
    ],
    [
      'its own trail',
      judgeCloudTrail([{ ...trail, name: 'dev-changes' }], here('own')),
      'OK',
      /dev-/,
    ],
    ['one too many', judgeCloudTrail([trail], here('own')), 'WARN', /trail: account/],
    [
      'two of them',
      judgeCloudTrail([{ ...trail, name: 'dev-changes' }, trail], here('own')),
      'WARN',
      /trail: account/,
    ],
    [
      'a trail elsewhere',
      judgeCloudTrail([{ ...trail, everyRegion: false }], here()),
      'WARN',
      /no trail/,
    ],
    [
      'a stopped trail',
      judgeCloudTrail([{ ...trail, logging: false }], here()),
      'WARN',
      /start-logging --name all/,
    ],
    [
      'a trail of data events',
      judgeCloudTrail([{ ...trail, writes: false }], here()),
      'WARN',
      /put-event-selectors --trail-name all/,
    ],
    [
      'a trail whose bucket break-glass can change',
      judgeCloudTrail([{ ...trail, bucket: 'audit' }], here()),
      'WARN',
      /bucket audit/,
    ],
    ['free names', judgeRepositories([repository('dev')], 'dev'), 'OK', /free, or this/],
    [
      'a taken name',
      judgeRepositories([repository('other')], 'dev'),
      'FAIL',
      /repositoryPrefix: dev\//,
    ],
    ['a name nobody claims', judgeRepositories([repository()], 'dev'), 'WARN', /orders/],
    [
      'alarms for somebody',
      judgeAlarms('a@b.c', [{ endpoint: 'a@b.c', confirmed: true }]),
      'OK',
      /a@b/,
    ],
    ['alarms for nobody', judgeAlarms(undefined, []), 'WARN', /Set alarms.email/],
    [
      'no topic',
      judgeAlarms('a@b.c', undefined),
      'WARN',
      /npx caretaker environment deploy makes it/,
    ],
    [
      'an unconfirmed address',
      judgeAlarms('a@b.c', [{ endpoint: 'a@b.c', confirmed: false }]),
      'WARN',
      /has not confirmed/,
    ],
    ['cost tags', judgeCostTags(tags), 'OK', /active/],
    ['one cost tag', judgeCostTags(tags.slice(1)), 'WARN', /TagKey=caretaker:environment,Status/],
    ['a monitor to make', anomalies('owner', MONITOR), 'OK', /by owner/],
    ['AWS’s own monitor', anomalies('service', MONITOR), 'FAIL', /"arn:aws:ce::1.*\/1-2"/],
    ['ours', anomalies('service', { ...MONITOR, name: 'dev-anomalies-by-service' }), 'OK', /by s/],
    ['a monitor that is there', anomalies(MONITOR.arn, MONITOR), 'OK', /Default-Services/],
    ['none of this ARN', anomalies(MONITOR.arn), 'FAIL', /has: none/],
    ['a token', judgeSlack('xoxb-1', SECRET), 'OK', /dev\/caretaker\/slack/],
    ['a random value', judgeSlack('k3$', SECRET), 'WARN', /put-secret-value/],
    [
      'no secret',
      judgeSlack(undefined, SECRET),
      'WARN',
      /npx caretaker environment deploy makes it/,
    ],
    ['room for every rule', judgeRules(100, 100), 'OK', /100 needed while everything sleeps/],
    ['too few rules', judgeRules(103, 100), 'WARN', /ask for 155 "Rules per App/],
    ['a connection', judgeConnection('AVAILABLE', 1), 'OK', /available/],
    ['a pending connection', judgeConnection('PENDING', 1), 'FAIL', /Update pending connection/],
    ['no connection, no pipeline', judgeConnection(undefined, 0), 'OK', /none|no GitHub/],
    ['no connection, pipelines', judgeConnection(undefined, 2), 'FAIL', /2 services name a source/],
  ])('of %s', (_, finding, level, text) => {
    expect(finding.level).toBe(level)
    expect(line(finding)).toMatch(text)
    expect(finding.remedy === undefined).toBe(level === 'OK')
  })
})

test('a catalog’s demand is that of a roll-out of everything at once', () => {
  const catalog = readCatalog(
    catalogOf({
      'services/api.yaml': 'team: ordering\ncpu: 1024\nmemory: 2048\nscaling: { max: 3 }\n',
      'services/worker.yaml': 'kind: worker\nteam: ordering\ncount: 2\n',
      'services/job.yaml': 'kind: job\nteam: ordering\nruns: rate(1 day)\n',
      'services/web.yaml':
        'kind: web\nteam: ordering\nroute: { path: /*, priority: 9 }\nwakeOnRequest: false\n',
      'services/shop.yaml': 'team: ordering\nroute: { path: /shop/*, priority: 1 }\n',
    }),
  )
  expect(demandOf(catalog)).toEqual({
    vpcs: 1,
    elasticIps: 1,
    servicesPerCluster: 3,
    onDemandVcpu: 7,
    spotVcpu: 1.25,
    balancerRules: 3,
  })
})

/** What services that are not simulated answer, in AWS's shapes. */
const RECORDED: Record<string, Record<string, (input: never) => unknown>> = {
  cloudformation: {
    DescribeStacks: ({ StackName }: { StackName: string }) => {
      if (StackName !== 'CDKToolkit') {
        throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`)
      }
      const Outputs = [{ OutputKey: 'BootstrapVersion', OutputValue: '30' }]
      return { Stacks: [{ StackName, StackStatus: 'CREATE_COMPLETE', Outputs }] }
    },
  },
  ec2: {
    DescribeAvailabilityZones: () => ({
      AvailabilityZones: ['a', 'b', 'c'].map((zone) => ({ ZoneName: `eu-central-1${zone}` })),
    }),
    DescribeVpcs: () => ({ Vpcs: [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-2' }] }),
    DescribeAddresses: () => ({ Addresses: [{ PublicIp: '192.0.2.1' }] }),
  },
  'service-quotas': {
    GetServiceQuota: ({ QuotaCode }: { QuotaCode: string }) => {
      if (QuotaCode === 'L-9EF96962') {
        throw new AwsError('NoSuchResourceException', 'The request failed: no such quota.')
      }
      return { Quota: { QuotaCode, Value: 6 } }
    },
    GetAWSDefaultServiceQuota: () => ({ Quota: { Value: 5000 } }),
  },
  cloudtrail: {
    DescribeTrails: () => ({
      trailList: [
        {
          Name: 'all',
          HomeRegion: 'eu-west-1',
          IsMultiRegionTrail: true,
          S3BucketName: 'aws-cloudtrail-logs-123456789012',
        },
      ],
    }),
    GetTrailStatus: () => ({ IsLogging: true }),
    GetEventSelectors: () => ({
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      ],
    }),
  },
  'cost-explorer': {
    ListCostAllocationTags: () => {
      throw new AwsError('AccessDeniedException', 'ann may not ask for ce:ListCostAllocationTags')
    },
  },
}

describe('npx caretaker environment doctor', () => {
  async function examined(recorded: object = RECORDED) {
    const simulation = await Simulation.open({
      catalog: catalogOf({
        'services/api.yaml': 'team: ordering\ncount: 5\n',
        'services/worker.yaml': 'kind: worker\nteam: ordering\n',
      }),
      seed: 1,
      start: new Date('2026-03-02T09:00:00Z'),
    })
    const { aws, catalog } = simulation
    for (const [id, operations] of Object.entries(recorded)) {
      aws.register({ id, operations: operations as unknown as Operations })
    }
    const findings = await examine(catalog, sdkConfiguration(aws, { kind: 'person', name: 'ann' }))
    return { simulation, findings, calls: aws.calls.filter(({ by }) => by === 'person/ann') }
  }

  it('says of each thing how it is, and what to do', async () => {
    const { findings } = await examined()
    expect(findings.map(({ level, what }) => `${level} ${what}`)).toEqual([
      expect.stringMatching(/^\w+ Account 123456789012, eu-central-1, as arn:/),
      'OK eu-central-1 has 3 availability zones',
      'OK The account is bootstrapped for CDK',
      'OK AWS’s services have their roles in the account',
      'OK VPCs: 2 used, 1 needed, 6 allowed',
      'OK Elastic IPs: 1 used, 1 needed, 6 allowed',
      'OK ECS services in a cluster: 0 used, 2 needed, 5000 allowed',
      'OK Fargate vCPU: 0 used, 2.5 needed, 6 allowed',
      'OK Fargate Spot vCPU: 0 used, 0.5 needed, 6 allowed',
      'OK Rules of the load balancer: 0 needed while everything sleeps, 100 allowed',
      'OK Lambda concurrency: 1000 allowed, 900 of it can be reserved, 10 needed',
      'OK CloudTrail is on: all',
      'WARN Cost-allocation tags: not known (AccessDeniedException: ann may not ask for ce:ListCostAllocationTags)',
      'OK The names of all repositories are free, or this environment’s',
      'WARN Alarms are told to nobody',
      'OK The Slack token is in dev/caretaker/slack',
      'OK No service has a pipeline of its own: no GitHub connection needed',
    ])
  })

  it('gives no advice about rights on the simulated AWS: it lacks what an account has', async () => {
    const { findings } = await examined({})
    expect(findings.filter(({ remedy }) => remedy?.startsWith('Ask for the right'))).toEqual([])
    expect(findings.map(({ level, what }) => `${level} ${what}`)).toContain(
      'OK VPCs: looked at on AWS alone, the simulated AWS has none of it',
    )
  })

  it('changes nothing, and makes no call that an operator may not', async () => {
    const { simulation, calls } = await examined()
    expect(beyondOperators(simulation, 'ann')).toEqual([])
    expect(calls.length).toBeGreaterThan(10)
    const changing = calls.filter(({ operation }) => !/^(Get|List|Describe)/.test(operation))
    expect(changing).toEqual([])
  })
})

describe('without credentials', () => {
  test.each(['doctor', 'deploy', 'destroy'])(
    'caretaker environment %s says so in one line',
    (command) => {
      const words = ['cli/caretaker.mjs', 'environment', command]
      const { status, stdout, stderr } = spawnSync(process.execPath, words, {
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          TMPDIR: process.env.TMPDIR,
          HOME: temporaryDirectory(),
          AWS_EC2_METADATA_DISABLED: 'true',
        },
        timeout: 600_000,
      })
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr.trimEnd().split('\n')).toEqual([
        expect.stringMatching(/^There are no AWS credentials that work .* aws sso login/),
      ])
    },
  )
})
