import * as z from 'zod'
import { LEVELS } from '../domain/features.ts'
import { anomalies } from './anomaly-schema.ts'
import { calendar, schedule } from './schedule-schema.ts'
import { tagSchema } from './tag-schema.ts'
import { CEILING, ENVIRONMENT_NAME, IDLE, LABEL, MONTHLY_BUDGET, TIME_ZONE } from './words.ts'

/** A person: AWS knows the e-mail address (the session's name), Slack the id. */
const member = z.strictObject({
  email: z.email().describe('the e-mail address by which Identity Center names the session'),
  slack: z
    .string()
    .regex(/^T[A-Z0-9]{2,}\/[UW][A-Z0-9]{2,}$/)
    .optional()
    .describe('the id of the workspace and of the user in Slack, such as T0AB12CD3/U0EF45GH6'),
})

/** Who may act: nobody, where a list is empty. */
const people = {
  members: z.array(member).default([]).describe('a list of people'),
  /** A session's name is believed under Identity Center's own roles only; others act as a role. */
  roles: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/))
    .default([])
    .describe('ARNs of IAM roles that act for them, such as those of continuous integration'),
}

const TIME = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)

const team = z.strictObject({
  owner: z.email().describe('the e-mail address of a person or a list'),
  channel: z
    .string()
    .regex(/^(#[a-z0-9_-]{1,80}|[CG][A-Z0-9]{8,})$/)
    .describe("a Slack channel: '#name' (quoted) or its id"),
  budget: MONTHLY_BUDGET.optional(),
  ceiling: CEILING.optional(),
  /** Its services sleep for its budget only when one of its people says so. */
  sleepsForBudget: z
    .enum(['unasked', 'asked'])
    .default('unasked')
    .describe('unasked or asked: whether budgets that act put to sleep by themselves'),
  ...people,
  /** Only alarms whose severity is `page` notify then; the rest is said at the end. */
  quiet: z
    .strictObject({
      from: TIME.describe('a local time, such as 22:00'),
      to: TIME.describe('a local time, such as 07:00; at or before `from` it is the next day’s'),
    })
    .optional()
    .describe('from and to: local times between which the channel is not notified'),
})

const on = z.boolean().default(true).describe('true or false')
const off = z.boolean().default(false).describe('true or false')

/**
 * What an environment may do without. What costs by the hour and few need is off; the data stores
 * and the network load balancer need no switch, they are made when the first service asks.
 */
const parts = z.strictObject({
  /** A t3.micro without inbound ports, to forward a port to a database through SSM. */
  bastion: on,
  /** Refused connections of the VPC, for two weeks. */
  flowLogs: on,
  /** Requests at the load balancers, for two weeks. */
  accessLogs: on,
  /** CPU, memory and task counts of the clusters as metrics, paid per metric. */
  containerInsights: on,
  /** An EKS cluster beside the two of ECS: its control plane alone costs about $73 a month. */
  kubernetes: off,
  /** A dashboard per service and one for all; beyond three in an account, $3 a month each. */
  dashboards: on,
  /** Managed Prometheus, to which services with `tracing` also send their metrics. */
  prometheus: off,
  /** Managed Grafana over all of it: about $9 a month for each editor. */
  grafana: off,
  /** GitHub's identity provider; an account has one, so that only one environment may make it. */
  githubProvider: on,
  /**
   * The entrance for Slack works on at most five requests at once, reserved from the account's
   * Lambda concurrency. A new account may have too little to reserve any (its limit is 10).
   */
  entranceLimit: on,
})

/** What raises an alarm about a data store; for services, their own files say. */
const alarms = z.strictObject({
  /** Every alarm of the environment is told there, until Slack is connected and beside it. */
  email: z
    .email()
    .optional()
    .describe('the e-mail address of a person or a list; AWS asks it to confirm'),
  databaseCpu: z.int().min(10).max(100).default(90).describe('10 to 100 percent'),
  /** It grows by itself up to 100 GiB: little left means that it no longer does. */
  databaseStorage: z.number().positive().default(2).describe('GiB that are free, at least'),
  /** A db.t4g.micro takes about 80. */
  databaseConnections: z.int().min(1).default(60).describe('connections, at least 1'),
  cacheCpu: z.int().min(10).max(100).default(90).describe('10 to 100 percent'),
  cacheMemory: z.int().min(10).max(100).default(80).describe('10 to 100 percent'),
})

const level = z.enum(LEVELS).describe(LEVELS.join(', '))

/**
 * How much Caretaker may do besides rolling out: nothing, say what it would do, or do it.
 * Sleep and circuits act where a schedule or a service's file asks for it by name; what acts on
 * everything is looked at first.
 */
const features = z.strictObject({
  sleep: level.default('act'),
  tags: level.default('tell'),
  budgets: level.default('tell'),
  health: level.default('act'),
})

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html */
const ENDPOINT = z.url({ protocol: /^https$/ }).describe('a web address that begins with https://')

/** The identity provider (OpenID Connect) at which visitors sign in before they wake what sleeps. */
const signIn = z
  .strictObject({
    issuer: ENDPOINT,
    authorizationEndpoint: ENDPOINT,
    tokenEndpoint: ENDPOINT,
    userInfoEndpoint: ENDPOINT,
    clientId: z.string().min(1).describe('how the identity provider calls the load balancer'),
    /** Resolved by CloudFormation alone: no function and no machine ever has it. */
    clientSecret: z
      .string()
      .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/)
      .describe('the ARN of a secret of Secrets Manager whose whole text is the client secret'),
  })
  .describe('the identity provider at which visitors sign in')

/** Where messages lead. */
const links = z
  .strictObject({
    /** `https://github.com/acme/caretaker/blob/main/docs/runbooks`, say. */
    runbooks: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('the web address under which the files of docs/runbooks/ are read'),
    /** `https://caretaker.example.com`, or where each person serves it: `http://127.0.0.1:4401`. */
    console: z
      .url({ protocol: /^https?$/ })
      .refine((url) =>
        /^https:\/\/[^/]+\/?$|^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/?$/.test(url),
      )
      .optional()
      .describe(
        'the https address under which the console is served, without a path, or http://127.0.0.1:4401 where everybody serves it to themselves',
      ),
  })
  .describe('runbooks, console: the web addresses that messages lead to')

/**
 * AWS services that are reached without the NAT gateway. An endpoint in two zones costs about $18
 * a month and saves about $0.04 a gigabyte: it pays from some 400 GB a month on.
 */
const interfaceEndpoint = z.enum(['ecr', 'logs', 'secretsmanager', 'ssm', 'sts', 'kms'])

/** `environment.yaml`: what everything shares. */
export const environmentSchema = z.strictObject({
  name: ENVIRONMENT_NAME,
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .describe("an AWS account, 12 digits in quotes (the credentials' own when absent)"),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .describe('an AWS Region, such as eu-central-1'),
  availabilityZones: z
    .int()
    .min(2)
    .max(3)
    .default(2)
    .describe('2 or 3; the load balancer needs two'),
  cidr: z
    .cidrv4()
    // A VPC is /16 to /28; below /20 the subnets have no room for a task per address.
    .regex(/\/(1[6-9]|20)$/)
    .default('10.20.0.0/16')
    .describe('an IPv4 network of /16 to /20, such as 10.20.0.0/16'),
  /** The way out to the internet: a gateway never sleeps; an instance does, and is one machine. */
  nat: z.enum(['gateway', 'instance']).default('gateway').describe('gateway or instance'),
  natGateways: z.int().min(1).max(3).default(1).describe('1 to 3, at most one per zone'),
  interfaceEndpoints: z
    .array(interfaceEndpoint.describe(interfaceEndpoint.options.join(', ')))
    .default([])
    .describe(`a list of ${interfaceEndpoint.options.join(', ')}`),
  namespace: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
    .default('dev.internal')
    .describe('a private domain name, such as dev.internal'),
  domain: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
    .optional()
    .describe('the public domain below which services are reached, such as dev.example.com'),
  hostedZone: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .optional()
    .describe('the id of the Route 53 hosted zone of `domain`'),
  certificate: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:/)
    .optional()
    .describe('the ARN of an ACM certificate for the load balancers'),
  signIn: signIn.optional(),
  connection: z
    .string()
    .regex(/^arn:aws[a-z-]*:(codeconnections|codestar-connections):/)
    .optional()
    .describe('the ARN of the connection to GitHub by which pipelines read repositories'),
  owner: z.string().describe('the team that owns what no service owns: one of teams'),
  budget: MONTHLY_BUDGET.optional(),
  /** What AWS finds unusual in costs is told (docs/budgets.md). One environment of an account says so. */
  anomalies: anomalies
    .optional()
    .describe('monitor and above: what of AWS’s findings about unusual costs is told'),
  timeZone: TIME_ZONE.default('UTC'),
  schedule: z
    .string()
    .default('always-on')
    .describe('one of schedules, or always-on: for whatever names none'),
  /** Within its schedule a service sleeps when nobody has used it for so long (docs/sleep.md). */
  idle: IDLE.default('off'),
  schedules: z.record(LABEL, schedule).default({}).describe('schedules by name'),
  calendars: z.record(LABEL, calendar).default({}).describe('holiday calendars by name'),
  /**
   * Who has started or stopped something is known from a trail of CloudTrail that logs management
   * events: the account's (doctor looks), or one of the environment's own. Without one every change
   * by hand counts as a person's.
   */
  trail: z
    .enum(['own', 'account', 'none'])
    .default('account')
    .describe('own, account or none: the trail of CloudTrail from which it is known who called'),
  teams: z
    .record(LABEL, team)
    .refine((teams) => Object.keys(teams).length > 0)
    .describe('at least one team: a lower-case name with owner and channel'),
  /** Begins the names of repositories that services do not name themselves. */
  repositoryPrefix: z
    .string()
    .regex(/^([a-z0-9]+([._-][a-z0-9]+)*[/._-])?$/)
    .max(100)
    .default('')
    .describe('lower-case letters and digits that end with /, - or _, such as dev/; or nothing'),
  /** They may do what every team may. */
  operators: z
    .strictObject(people)
    .prefault({})
    .describe('members and roles: who may act for every team'),
  /** A task definition may name a role outside the environment's only where it stands here. */
  passRoles: z
    .array(
      z
        .string()
        .regex(/^[\w+=,.@/-]{3,128}\*?$/)
        .describe(
          'the name of a role, such as ecsTaskExecutionRole, or how several begin, such as shop-*',
        ),
    )
    .default([])
    .describe(
      'a list of further roles that tasks of adopted services have (docs/adopt.md), such as [ecsTaskExecutionRole, shop-*]',
    ),
  boundary: z
    .array(z.string().describe('the prefix of an AWS service, such as ses'))
    .default([])
    .describe(
      'a list of further AWS services that the roles of services may be let into (may), such as [ses, translate]',
    ),
  alarms: alarms.prefault({}).describe('email, and the thresholds of the data stores’ alarms'),
  features: features
    .prefault({})
    .describe('sleep, tags, budgets and health: how much Caretaker may do by itself'),
  tags: tagSchema
    .prefault({})
    .describe('watch, where, required and ladder: which tags resources must carry'),
  links: links.optional(),
  parts: parts
    .prefault({})
    .describe('true or false each: what the environment has or does without'),
})
