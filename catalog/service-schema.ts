import * as z from 'zod'
import { IMPORTANCE } from '../domain/budgets/importance.ts'
import { alarm, severityOnly } from './alarm-schema.ts'
import { IMAGE_DIGEST, pullSecret, secrets, variables, words } from './container-schema.ts'
import { deployment, health } from './health-schema.ts'
import { logs } from './logs-schema.ts'
import { queues, topics } from './messaging-schema.ts'
import { mounts } from './mount-schema.ts'
import { nlb } from './nlb-schema.ts'
import { override } from './override-schema.ts'
import { right } from './rights-schema.ts'
import { route } from './route-schema.ts'
import { scaling } from './scaling-schema.ts'
import { sidecars } from './sidecar-schema.ts'
import { cache, database } from './store-schema.ts'
import { ENVIRONMENT_NAME, IDLE, VARIABLE_NAME } from './words.ts'

/** Where images are built from. Without it, they are pushed by hand or from elsewhere. */
const source = z.strictObject({
  /** A pipeline in AWS, or the workflow `.github/workflows/deploy-image.yml` at GitHub. */
  builder: z
    .enum(['codepipeline', 'github-actions'])
    .default('codepipeline')
    .describe('codepipeline or github-actions'),
  repository: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/)
    .describe('owner/name of a repository, such as acme/orders'),
  branch: z.string().min(1).default('main').describe('a branch'),
  /** GitHub's ids; the role of GitHub Actions trusts these, since a deleted name can be registered again. */
  ownerId: z.int().positive().optional().describe('the id of the owner at GitHub, a number'),
  repositoryId: z.int().positive().optional().describe('the id of the repository, a number'),
})

/** What raises an alarm. For development: somebody should look within the day, not at night. */
const alarms = z.strictObject({
  errors: alarm(z.int().min(1), 10, 'answers 5xx in five minutes, at least 1'),
  latency: alarm(z.number().positive().max(60), 3, 'seconds, 95th percentile, up to 60'),
  cpu: alarm(z.int().min(10).max(100), 90, '10 to 100 percent'),
  memory: alarm(z.int().min(10).max(100), 90, '10 to 100 percent'),
  restarts: alarm(z.int().min(1), 3, 'stopped tasks in an hour, at least 1'),
  unhealthy: severityOnly,
  'tasks-missing': severityOnly,
  failed: severityOnly,
})

/** `services/<name>.yaml`; the file's name is the service's. Sized for development. */
export const serviceSchema = z.strictObject({
  kind: z
    .enum(['web', 'api', 'worker', 'job'])
    .default('api')
    .describe('web, api, worker (no port) or job (runs on a schedule)'),
  team: z.string().describe('one of the teams of environment.yaml'),
  cluster: z
    .enum(['frontend', 'backend'])
    .optional()
    .describe('frontend or backend (when absent: web is frontend, the others backend)'),
  repository: z
    .string()
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    .regex(/^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/)
    .optional()
    .describe("an ECR repository name (the service's own when absent)"),
  /** Of somebody else: whoever looks after the service writes another digest here. */
  image: IMAGE_DIGEST.optional().describe(
    'an image of somebody else by its digest, such as docker.io/library/rabbitmq@sha256:…; no push rolls it out',
  ),
  pullSecret,
  source: source
    .optional()
    .describe('repository, branch and builder: where its images are built from'),
  /** Only the tag that roll-outs follow may move then; a version, once pushed, stays what it is. */
  immutableTags: z
    .boolean()
    .default(false)
    .describe(
      'true or false: whether a pushed version stays what it is; what `deploy` names still moves',
    ),
  deploy: z
    .string()
    .optional()
    .describe(
      'a tag, glob:<pattern> (glob:feature-*), number:<pattern> (number:build-*), semver:<range> (semver:~1.4), prerelease:<range> or off (main when absent)',
    ),
  port: z.int().min(1).max(65_535).optional().describe('1 to 65535 (8080 when absent)'),
  ports: z
    .array(z.int().min(1).max(65_535).describe('1 to 65535'))
    .default([])
    .describe('a list of further ports at which its container listens, such as [9090]'),
  cpu: z
    .literal([256, 512, 1024, 2048, 4096, 8192, 16_384])
    .default(256)
    .describe('256, 512, 1024, 2048, 4096, 8192 or 16384 units, 1024 of them a processor'),
  memory: z.int().multipleOf(512).max(122_880).default(512).describe('512 to 122880 MiB by 512'),
  platform: z
    .enum(['arm64', 'x86_64'])
    .default('arm64')
    .describe('arm64 or x86_64: what the image is built for'),
  count: z.int().min(1).max(10).default(1).describe('1 to 10 tasks'),
  scaling: scaling
    .optional()
    .describe('min, max, cpu and more: how many tasks as load comes and goes'),
  spot: z
    .boolean()
    .optional()
    .describe('true or false: on spare capacity, cheaper, may be stopped; worker and job are'),
  route: route
    .optional()
    .describe('path, host and priority: which requests to the load balancer are for it'),
  /** While it sleeps, its address answers with a page that wakes it (docs/wake-on-request.md). */
  wakeOnRequest: z
    .boolean()
    .optional()
    .describe('true or false: whether a visitor may wake it (true with a route)'),
  wakeFor: z
    .enum(['signed-in', 'browsers', 'all'])
    .optional()
    .describe(
      'signed-in, browsers, or all: also requests of programs wake it (signed-in where the environment has signIn, else browsers)',
    ),
  nlb: nlb.optional(),
  healthPath: z
    .string()
    .regex(/^\/\S*$/)
    .optional()
    .describe('a path the load balancer asks, such as /health (/ when absent)'),
  healthCommand: z
    .string()
    .min(1)
    .optional()
    .describe('a shell command inside the container that exits 0 when it is healthy'),
  health: health
    .optional()
    .describe(
      'start, grace, interval, timeout, codes, healthy and unhealthy: how its health is checked',
    ),
  deployment: deployment
    .optional()
    .describe('failures, minimum, maximum, bake and deadline: how a new image takes over'),
  refuseFindings: z
    .enum(['critical', 'high'])
    .optional()
    .describe('critical or high: an image whose scan found such, or worse, is refused'),
  command: words
    .optional()
    .describe('a list of words in place of the image’s CMD, such as [celery, worker]'),
  entryPoint: words
    .optional()
    .describe('a list of words in place of the image’s ENTRYPOINT, such as [sh, -c]'),
  preDeploy: words
    .optional()
    .describe(
      'a list of words: the command of a task that runs before each deployment, with the new image; a failure leaves the service as it is',
    ),
  environment: variables.default({}),
  envFiles: z
    .array(
      z
        .string()
        .regex(/^env(\/[\w-][\w.-]*)+$/)
        .describe('a file below env/ of the catalog, such as env/shop.env'),
    )
    .default([])
    .describe(
      'a list of files with a line NAME=value for each variable; environment goes before them, and a later file before an earlier one',
    ),
  secrets: secrets.default([]),
  aliases: z
    .record(VARIABLE_NAME, VARIABLE_NAME)
    .default({})
    .describe('further names of variables that it has anyway, secret ones too: DB_HOST: PGHOST'),
  database: database
    .optional()
    .describe('shared or own: a PostgreSQL database on the server of all, or on one of its own'),
  cache: cache
    .default(false)
    .describe('true or false: a place in the cache (Valkey, as Redis) that all share'),
  bucket: z.boolean().default(false).describe('true or false: a bucket (S3) of its own'),
  files: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)+$/)
    .optional()
    .describe('where the shared file system is mounted, such as /data'),
  sidecars: sidecars.default({}),
  mounts,
  disk: z
    .int()
    .min(21)
    .max(200)
    .optional()
    .describe('21 to 200 GiB of disk for each task (20 when absent)'),
  may: z
    .array(right)
    .default([])
    .describe(
      'a list of what its code may do in AWS: actions on resources, or queues, topics, tables and buckets by name',
    ),
  queues: queues.default([]),
  topics: topics.default([]),
  sends: z
    .array(z.string())
    .default([])
    .describe('a list of queues and topics of other services, to which it sends'),
  dependsOn: z.array(z.string()).default([]).describe('a list of other services, web or api'),
  schedule: z
    .string()
    .optional()
    .describe(
      "one of the schedules of environment.yaml, or always-on (the environment's when absent)",
    ),
  order: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('0 to 100: the lower, the earlier it wakes and the later it sleeps'),
  /** Within its schedule it sleeps when nobody has used it for so long (docs/sleep.md). */
  idle: IDLE.optional(),
  /** What is of low importance sleeps first when the team's money is spent (docs/budgets.md). */
  importance: z
    .enum(IMPORTANCE)
    .optional()
    .describe('low, normal or high (normal when absent): which sleep first for a budget'),
  sleepsForBudget: z
    .boolean()
    .optional()
    .describe('true or false (true when absent, false with always-on): whether a budget may'),
  runs: z
    .string()
    .regex(
      /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\((\S+ ){2}(\? \S+ [^\s?]+|[^\s?]+ \S+ \?) \S+\))$/,
    )
    .optional()
    .describe('when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day)'),
  retries: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe('1 to 10: how often a job is run again when it failed (not at all when absent)'),
  timeout: z
    .int()
    .min(60)
    .max(604_800)
    .optional()
    .describe(
      '60 to 604800 seconds for a run of a job, retries included; then it is stopped (any time when absent)',
    ),
  alarms: alarms
    .prefault({})
    .describe(
      'errors, latency, cpu, memory, restarts: a threshold, or threshold and severity; unhealthy, tasks-missing, failed: severity',
    ),
  /** While its alarms of errors or unhealthy targets are red, callers no longer find what fails. */
  circuit: z
    .boolean()
    .default(false)
    .describe('true or false: whether callers stop finding it while its alarms are red'),
  securityGroups: z
    .array(
      z
        .string()
        .regex(/^sg-[0-9a-f]{8,17}$/)
        .describe('the id of a security group, such as sg-0123456789abcdef0'),
    )
    // A network interface may have five, and one is its cluster's.
    // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    .max(4)
    .default([])
    .describe('a list of up to 4 security groups of the VPC by id, besides the one of its cluster'),
  logs: logs
    .optional()
    .describe('retention, router, options and secrets: how long log lines are kept, where they go'),
  /** Read before everything else: `overlays.ts`. */
  environments: z
    .record(ENVIRONMENT_NAME, z.record(z.string(), z.unknown()))
    .default({})
    .describe('what differs in an environment, by its name: keys of this file'),
  override: override
    .optional()
    .describe('task, service and containers: properties by their names in CloudFormation'),
  exec: z
    .boolean()
    .default(true)
    .describe('true or false: whether a person may open a shell in its container'),
  tracing: z
    .boolean()
    .default(false)
    .describe('true or false: a collector beside it, which takes OpenTelemetry'),
})
