import { describe, expect, it, test } from 'vitest'
import { serviceSchema } from '../../catalog/service-schema.ts'
import { WATCHED_TYPES } from '../../domain/tagging/types.ts'
import { refusal } from '../kits/broken.ts'
import type { Files } from '../kits/catalog.ts'

const SMALLEST = 'team: ordering\n'
const LARGE = Array.from({ length: 9 }, (_, index) => `  V${index}: ${'x'.repeat(4000)}\n`).join('')
const ENVIRONMENT = 'name: dev\nregion: eu-central-1\nowner: platform\n'
const TEAMS = "teams:\n  platform:\n    owner: platform@example.com\n    channel: '#platform'\n"
const SIGN_IN = `signIn: ${JSON.stringify({
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/user',
  clientId: 'caretaker',
  clientSecret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:sign-in-AbCdEf',
})}\n`
const OFFICE =
  'schedules:\n  office:\n    running:\n      - { days: mon-fri, from: 08:00, to: 20:00 }\n'

const POLICIES =
  'a tag, glob:<pattern> (glob:feature-*), number:<pattern> (number:build-*), semver:<range> (semver:~1.4), prerelease:<range> or off (main when absent)'
const FIELDS = Object.keys(serviceSchema.shape)

/** What is wrong, the files, and what is said, with paths from the catalog's directory. */
const BROKEN: [string, Files, string][] = [
  [
    'an unknown field',
    { 'services/alpha.yaml': `${SMALLEST}prot: 80\n` },
    `services/alpha.yaml:2 prot: found an unknown field, allowed: one of its ${FIELDS.length} keys; did you mean port?`,
  ],
  [
    'an unknown field of a route',
    { 'services/alpha.yaml': `${SMALLEST}route:\n  path: /a\n  priority: 7\n  hostname: a\n` },
    'services/alpha.yaml:5 route.hostname: found an unknown field, allowed: path, host, sources, signIn, protocol, container, drain, sticky, priority; did you mean host?',
  ],
  [
    'a value of another secret',
    {
      'services/alpha.yaml': `${SMALLEST}environment:\n  URL: "{{resolve:secretsmanager:rds!db-1:SecretString:password}}"\n`,
    },
    'services/alpha.yaml:3 environment.URL: found "{{resolve:secretsmanager:rds!db-1:SecretString:password}}", allowed: text without {{resolve:…}}, in whose place CloudFormation puts a secret or a parameter of the account, for everybody to read; write the value itself, or put it into a secret of the service (secrets)',
  ],
  [
    'a value that the CDK would take for its own',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: "${'$'}{Token[TOKEN.12]}"\n` },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the CDK's own way to write it
    'services/alpha.yaml:2 healthCommand: found "${Token[TOKEN.12]}", allowed: text without ${Token[…]}, by which the CDK names values that it does not know yet; write the value itself, or put it into a secret of the service (secrets)',
  ],
  [
    'a secret of the account in what a holiday is called',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}calendars:\n  here:\n    2026-12-25: "{{resolve:ssm:/prod/key}}"\n`,
    },
    'environment.yaml:10 calendars.here.2026-12-25: found "{{resolve:ssm:/prod/key}}", allowed: text without {{resolve:…}}, in whose place CloudFormation puts a secret or a parameter of the account, for everybody to read; write the value itself, or put it into a secret of the service (secrets)',
  ],
  [
    'how much a feature may do, in another word',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}features: { budgets: warn }\n` },
    'environment.yaml:8 features.budgets: found "warn", allowed: off, tell, act; change it',
  ],
  [
    'a required tag of its own that no service takes',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}tags:\n  required:\n    cost: { default: "a,b" }\n`,
    },
    'environment.yaml:10 tags.required.cost.default: found "a,b", allowed: letters, digits, spaces and _ . : / = + - @, up to 256: every service takes them; change it',
  ],
  [
    'a default that its own rule refuses',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}tags:\n  required:\n    cost: { values: [a, b], default: c }\n`,
    },
    'environment.yaml:10 tags.required.cost.default: found "c", allowed: one of a, b; change it, or what is allowed',
  ],
  [
    'a required tag of Caretaker',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}tags:\n  required: { caretaker:owner: {} }\n` },
    'environment.yaml:9 tags.required.caretaker:owner: found "caretaker:owner", allowed: keys of your own: caretaker:owner and caretaker:environment are always required; remove it',
  ],
  [
    'a pattern that is none',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}tags:\n  required:\n    cost: { pattern: "[a" }\n`,
    },
    'environment.yaml:10 tags.required.cost.pattern: found "[a", allowed: a regular expression; correct it',
  ],
  [
    'a type that is not watched',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}tags: { watch: ["s3:bucket"] }\n` },
    `environment.yaml:8 tags.watch.0: found "s3:bucket", allowed: ${WATCHED_TYPES.join(', ')}; change it`,
  ],
  [
    'a stop before the mark',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}tags:\n  ladder: { upTo: stop, markAfter: 7, stopAfter: 3 }\n`,
    },
    'environment.yaml:9 tags.ladder.stopAfter: found 3, allowed: more than markAfter, 7; raise it, or lower markAfter',
  ],
  [
    'a repository prefix that would run into the name',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}repositoryPrefix: dev\n` },
    'environment.yaml:8 repositoryPrefix: found "dev", allowed: lower-case letters and digits that end with /, - or _, such as dev/; or nothing; change it',
  ],
  [
    'a missing field',
    { 'services/alpha.yaml': 'cluster: backend\n' },
    'services/alpha.yaml:1 team: found nothing, allowed: one of the teams of environment.yaml; add it',
  ],
  [
    'a field without a value',
    { 'services/alpha.yaml': 'cluster: backend\nteam:\n' },
    'services/alpha.yaml:2 team: found nothing, allowed: one of the teams of environment.yaml; add it',
  ],
  [
    'an unknown cluster',
    { 'services/alpha.yaml': `${SMALLEST}cluster: middle\n` },
    'services/alpha.yaml:2 cluster: found "middle", allowed: frontend or backend (when absent: web is frontend, the others backend); change it',
  ],
  [
    'an unknown kind',
    { 'services/alpha.yaml': `${SMALLEST}kind: lambda\n` },
    'services/alpha.yaml:2 kind: found "lambda", allowed: web, api, worker (no port) or job (runs on a schedule); change it',
  ],
  [
    'an unknown team',
    { 'services/alpha.yaml': 'cluster: backend\n\nteam: sales\n' },
    'services/alpha.yaml:3 team: found "sales", allowed: platform, storefront, ordering; change it, or add the team to environment.yaml',
  ],
  [
    'a team that is a word of JavaScript',
    { 'services/alpha.yaml': 'cluster: backend\nteam: constructor\n' },
    'services/alpha.yaml:2 team: found "constructor", allowed: platform, storefront, ordering; change it, or add the team to environment.yaml',
  ],
  [
    'a policy that cannot be parsed',
    { 'services/alpha.yaml': `${SMALLEST}deploy: semver:oops\n` },
    `services/alpha.yaml:2 deploy: found "semver:oops", allowed: ${POLICIES}; change it`,
  ],
  [
    'a policy of an unknown kind',
    { 'services/alpha.yaml': `${SMALLEST}deploy: regex:.*\n` },
    `services/alpha.yaml:2 deploy: found "regex:.*", allowed: ${POLICIES}; change it`,
  ],
  [
    'a policy that no AWS tag can hold',
    { 'services/alpha.yaml': `${SMALLEST}deploy: semver:>=1 <2\n` },
    `services/alpha.yaml:2 deploy: found "semver:>=1 <2", allowed: ${POLICIES}; change it`,
  ],
  [
    'a policy longer than an AWS tag',
    { 'services/alpha.yaml': `${SMALLEST}deploy: glob:${'x'.repeat(300)}\n` },
    'services/alpha.yaml:2 deploy: found "glob:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..., allowed: up to 256 characters, as many as a tag can hold; shorten it',
  ],
  [
    'a number that is text',
    { 'services/alpha.yaml': `${SMALLEST}port: http\n` },
    'services/alpha.yaml:2 port: found "http", allowed: 1 to 65535 (8080 when absent); change it',
  ],
  [
    'a number out of range',
    { 'services/alpha.yaml': `${SMALLEST}count: 500\n` },
    'services/alpha.yaml:2 count: found 500, allowed: 1 to 10 tasks; change it',
  ],
  [
    'cpu that Fargate does not have',
    { 'services/alpha.yaml': `${SMALLEST}cpu: 300\n` },
    'services/alpha.yaml:2 cpu: found 300, allowed: 256, 512, 1024, 2048, 4096, 8192 or 16384 units, 1024 of them a processor; change it',
  ],
  [
    'memory that Fargate does not have with this cpu',
    { 'services/alpha.yaml': `${SMALLEST}memory: 4096\n` },
    'services/alpha.yaml:2 memory: found 4096, allowed: 512 to 2048 MiB in whole gibibytes with cpu 256; change memory or cpu',
  ],
  [
    'a cpu whose memory was left at the default',
    { 'services/alpha.yaml': `${SMALLEST}cpu: 1024\n` },
    'services/alpha.yaml:1 memory: found 512, allowed: 2048 to 8192 MiB in whole gibibytes with cpu 1024; change memory or cpu',
  ],
  [
    'bounds without room',
    { 'services/alpha.yaml': `${SMALLEST}scaling:\n  min: 3\n  max: 3\n` },
    'services/alpha.yaml:4 scaling.max: found 3, allowed: more than min, 3; raise it, or remove scaling',
  ],
  [
    'more tasks than scaling allows',
    { 'services/alpha.yaml': `${SMALLEST}count: 5\nscaling: { max: 3 }\n` },
    'services/alpha.yaml:2 count: found 5, allowed: up to scaling.max, 3; change one of them',
  ],
  [
    'an alarm that could never be raised',
    { 'services/alpha.yaml': `${SMALLEST}alarms:\n  cpu: 200\n` },
    'services/alpha.yaml:3 alarms.cpu: found 200, allowed: 10 to 100 percent; change it',
  ],
  [
    'a route that another service has',
    {
      'services/alpha.yaml': `${SMALLEST}route:\n  path: /*\n  priority: 7\n`,
      'services/beta.yaml': `${SMALLEST}route:\n  path: /*\n  priority: 5\n`,
    },
    'services/beta.yaml:3 route.path: found "/*", allowed: one that no other service has; services/alpha.yaml has this; change one of them',
  ],
  [
    'a priority that another service has',
    {
      'services/alpha.yaml': `${SMALLEST}route:\n  path: /a\n  priority: 5\n`,
      'services/beta.yaml': `${SMALLEST}route:\n  path: /b\n  priority: 5\n`,
    },
    'services/beta.yaml:4 route.priority: found 5, allowed: one that no other service has; services/alpha.yaml has this; change one of them',
  ],
  [
    'a port of the NLB that another service has',
    {
      'services/alpha.yaml': `${SMALLEST}nlb: 7000\n`,
      'services/beta.yaml': `${SMALLEST}nlb: 7000\n`,
    },
    'services/beta.yaml:2 nlb: found 7000, allowed: one that no other service has; services/alpha.yaml has this; change one of them',
  ],
  [
    'a route and a port of the NLB',
    { 'services/alpha.yaml': `${SMALLEST}nlb: 7000\nroute: { path: /a, priority: 1 }\n` },
    'services/alpha.yaml:2 nlb: found 7000, allowed: either a route (HTTP) or a port of the network load balancer (any TCP); remove one of them',
  ],
  [
    'a host where there is no domain',
    { 'services/alpha.yaml': `${SMALLEST}route: { host: a, priority: 1 }\n` },
    'services/alpha.yaml:2 route.host: found "a", allowed: nothing: the environment has no domain; remove it, or add domain to environment.yaml',
  ],
  [
    'a worker that listens',
    { 'services/alpha.yaml': `${SMALLEST}kind: worker\nport: 80\n` },
    'services/alpha.yaml:3 port: found 80, allowed: nothing: port is for web, api, and this is a worker; remove it or change kind',
  ],
  [
    'a worker with a route',
    { 'services/alpha.yaml': `${SMALLEST}kind: worker\nroute: { path: /a, priority: 1 }\n` },
    'services/alpha.yaml:3 route: found {"path":"/a","priority":1}, allowed: nothing: route is for web, api, and this is a worker; remove it or change kind',
  ],
  [
    'a worker that runs at times',
    { 'services/alpha.yaml': `${SMALLEST}kind: worker\nruns: rate(1 day)\n` },
    'services/alpha.yaml:3 runs: found "rate(1 day)", allowed: nothing: runs is for job, and this is a worker; remove it or change kind',
  ],
  [
    'a job that never runs',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\n` },
    'services/alpha.yaml:1 runs: found nothing, allowed: when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day); add it',
  ],
  [
    'a job at a crontab’s time',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: 0 6 * * *\n` },
    'services/alpha.yaml:3 runs: found "0 6 * * *", allowed: when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day); change it',
  ],
  [
    'a job on a day of the month and of the week',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: cron(0 6 * * * *)\n` },
    'services/alpha.yaml:3 runs: found "cron(0 6 * * * *)", allowed: when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day); change it',
  ],
  [
    'a job that sleeps',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: rate(1 day)\nschedule: office-hours\n` },
    'services/alpha.yaml:4 schedule: found "office-hours", allowed: nothing: schedule is for web, api, worker, and this is a job; remove it or change kind',
  ],
  [
    'a job that takes many tags',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: rate(1 day)\ndeploy: glob:v*\n` },
    'services/alpha.yaml:4 deploy: found "glob:v*", allowed: one tag, such as main: a job takes the newest image of it at each run; name one tag',
  ],
  [
    'a database behind a page',
    { 'services/alpha.yaml': `${SMALLEST}kind: web\ndatabase: shared\n` },
    'services/alpha.yaml:3 database: found "shared", allowed: a database only for services of the backend cluster; let a backend service own the data, or change cluster',
  ],
  [
    'a database of another maker',
    { 'services/alpha.yaml': `${SMALLEST}database: mysql\n` },
    'services/alpha.yaml:2 database: found "mysql", allowed: shared or own: a PostgreSQL database on the server of all, or on one of its own; change it',
  ],
  [
    'a database that PostgreSQL keeps for itself',
    { 'services/postgres.yaml': `${SMALLEST}database: own\n` },
    'services/postgres.yaml:2 database: found "postgres", allowed: a database for services not called postgres, template0, pg-… or rds…; rename the file',
  ],
  [
    'files at no absolute path',
    { 'services/alpha.yaml': `${SMALLEST}files: data\n` },
    'services/alpha.yaml:2 files: found "data", allowed: where the shared file system is mounted, such as /data; change it',
  ],
  [
    'a variable that the catalog sets',
    { 'services/alpha.yaml': `${SMALLEST}environment:\n  LEVEL: info\n  PORT: 80\n` },
    'services/alpha.yaml:4 environment.PORT: found "PORT", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'a variable that holds a dependency’s URL',
    {
      'services/alpha.yaml': `${SMALLEST}dependsOn: [beta]\nenvironment:\n  BETA_URL: here\n`,
      'services/beta.yaml': SMALLEST,
    },
    'services/alpha.yaml:4 environment.BETA_URL: found "BETA_URL", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'a variable that is also a secret',
    { 'services/alpha.yaml': `${SMALLEST}environment: { KEY: a }\nsecrets:\n  - OTHER\n  - KEY\n` },
    'services/alpha.yaml:5 secrets.1: found "KEY", allowed: a name that nothing else sets; remove it in one place',
  ],
  [
    'a variable that begins with a digit',
    { 'services/alpha.yaml': `${SMALLEST}environment:\n  1ST: info\n` },
    'services/alpha.yaml:3 environment.1ST: found "1ST", allowed: letters, digits, _, . and -, a letter or _ first, such as LOG_LEVEL; rename it',
  ],
  [
    'a variable of a whole file',
    { 'services/alpha.yaml': `${SMALLEST}environment:\n  KEY: ${'x'.repeat(5000)}\n` },
    'services/alpha.yaml:3 environment.KEY: found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..., allowed: text of up to 4096 characters, a number, true or false; change it',
  ],
  [
    'more variables than a task definition holds',
    { 'services/alpha.yaml': `${SMALLEST}environment:\n${LARGE}` },
    'services/alpha.yaml:2 environment: found 36073 characters, allowed: up to 32768 in all; put large values into a file of the image or into the bucket',
  ],
  [
    'idleness that is too short',
    { 'services/alpha.yaml': `${SMALLEST}idle: 30m\n` },
    'services/alpha.yaml:2 idle: found "30m", allowed: a length of 1h to 14d, such as 90m, 4h or 2d, or off; change it',
  ],
  [
    'idleness of a job',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: rate(1 day)\nidle: 4h\n` },
    'services/alpha.yaml:4 idle: found "4h", allowed: nothing: idle is for web, api, worker, and this is a job; remove it or change kind',
  ],
  [
    'an unknown schedule',
    { 'services/alpha.yaml': `${SMALLEST}schedule: weekends\n` },
    'services/alpha.yaml:2 schedule: found "weekends", allowed: always-on, office-hours; change it, or add the schedule to environment.yaml',
  ],
  [
    'a dependency that is not there',
    { 'services/alpha.yaml': `${SMALLEST}dependsOn:\n  - orders\n` },
    'services/alpha.yaml:3 dependsOn.0: found "orders", allowed: alpha; change it, or add services/orders.yaml',
  ],
  [
    'a dependency that cannot be called',
    {
      'services/alpha.yaml': `${SMALLEST}dependsOn: [beta]\n`,
      'services/beta.yaml': `${SMALLEST}kind: worker\n`,
    },
    'services/alpha.yaml:2 dependsOn.0: found "beta", allowed: a service that can be called; beta is a worker; remove it',
  ],
  [
    'a dependency twice',
    {
      'services/alpha.yaml': `${SMALLEST}dependsOn:\n  - beta\n  - beta\n`,
      'services/beta.yaml': SMALLEST,
    },
    'services/alpha.yaml:4 dependsOn.1: found "beta", allowed: each service once; remove it',
  ],
  [
    'a service that depends on itself',
    { 'services/alpha.yaml': `${SMALLEST}dependsOn: [alpha]\n` },
    'services/alpha.yaml:2 dependsOn.0: found alpha → alpha, allowed: services that do not lead back here; remove one of these steps',
  ],
  [
    'services that depend on each other in a circle',
    {
      'services/alpha.yaml': `${SMALLEST}dependsOn:\n  - delta\n  - beta\n`,
      'services/beta.yaml': `${SMALLEST}dependsOn: [gamma]\n`,
      'services/gamma.yaml': `${SMALLEST}dependsOn: [alpha]\n`,
      'services/delta.yaml': SMALLEST,
    },
    'services/alpha.yaml:4 dependsOn.1: found alpha → beta → gamma → alpha, allowed: services that do not lead back here; remove one of these steps',
  ],
  [
    'a pipeline without a connection',
    { 'services/alpha.yaml': `${SMALLEST}source:\n  repository: acme/a\n` },
    'services/alpha.yaml:2 source: found "acme/a", allowed: nothing: the environment has no connection to read it by; remove it, or add connection to environment.yaml',
  ],
  [
    'a role for GitHub that would trust a name alone',
    {
      'services/alpha.yaml': `${SMALLEST}source:\n  builder: github-actions\n  repository: acme/a\n`,
    },
    'services/alpha.yaml:3 source.builder: found "github-actions", allowed: github-actions together with ownerId and repositoryId; add them: gh api repos/acme/a --jq \'.owner.id, .id\'',
  ],
  [
    'a build whose images no roll-out takes',
    {
      'services/alpha.yaml': `${SMALLEST}deploy: semver:~1.4\nsource:\n  builder: github-actions\n  repository: acme/a\n  ownerId: 1\n  repositoryId: 2\n`,
    },
    'services/alpha.yaml:2 deploy: found "semver:~1.4", allowed: a policy that takes "main", which images of this source are called; change it or source.branch',
  ],
  [
    'a name that AWS names cannot hold',
    { 'services/My_Service.yaml': SMALLEST },
    'services/My_Service.yaml:1 the file: found "My_Service.yaml", allowed: a file name of 2 to 32 lower-case letters, digits and single hyphens, a letter first; rename the file',
  ],
  [
    'a name that a part of the environment has',
    { 'services/cache.yaml': SMALLEST },
    'services/cache.yaml:1 the file: found "cache.yaml", allowed: a file name that no part of the environment has; rename the file',
  ],
  [
    'a name of one letter',
    { 'services/a.yaml': SMALLEST },
    'services/a.yaml:1 the file: found "a.yaml", allowed: a file name of 2 to 32 lower-case letters, digits and single hyphens, a letter first; rename the file',
  ],
  [
    'a name that something else has',
    { 'services/orders-database.yaml': SMALLEST },
    'services/orders-database.yaml:1 the file: found "orders-database.yaml", allowed: a file name without -database at its end; rename the file',
  ],
  [
    'a file that is no service',
    { 'services/notes.txt': 'remember' },
    'services/notes.txt:1 the file: found "notes.txt", allowed: <service name>.yaml; rename or remove the file',
  ],
  [
    'an empty file',
    { 'services/alpha.yaml': '' },
    'services/alpha.yaml:1 team: found nothing, allowed: one of the teams of environment.yaml; add it',
  ],
  [
    'a list where fields belong',
    { 'services/alpha.yaml': '- team: ordering\n' },
    'services/alpha.yaml:1 the file: found a list, which begins with -, allowed: keys with values, such as team: storefront; write a key, a colon, a space and a value in each line',
  ],
  [
    'a key twice',
    { 'services/alpha.yaml': `${SMALLEST}team: platform\n` },
    'services/alpha.yaml:2 the file: found a key that stands here a second time, allowed: YAML with each key once; remove one of the two, or put their values together',
  ],
  [
    'no environment',
    { 'environment.yaml': null },
    'environment.yaml:1 the file: found nothing, allowed: a catalog directory with environment.yaml and services/<name>.yaml; create the file or name another directory',
  ],
  [
    'an environment whose name is too long',
    { 'environment.yaml': `name: Development-2\nregion: eu-central-1\nowner: platform\n${TEAMS}` },
    'environment.yaml:1 name: found "Development-2", allowed: 2 to 10 lower-case letters and digits, a letter first; change it',
  ],
  [
    'a network that is none',
    { 'environment.yaml': `${ENVIRONMENT}cidr: 10.20.0.0/24\n${TEAMS}` },
    'environment.yaml:4 cidr: found "10.20.0.0/24", allowed: an IPv4 network of /16 to /20, such as 10.20.0.0/16; change it',
  ],
  [
    'an account that YAML takes for a number',
    { 'environment.yaml': `${ENVIRONMENT}account: 123456789012\n${TEAMS}` },
    "environment.yaml:4 account: found 123456789012, allowed: an AWS account, 12 digits in quotes (the credentials' own when absent); put it into quotes",
  ],
  [
    'more NAT gateways than zones',
    { 'environment.yaml': `${ENVIRONMENT}natGateways: 3\n${TEAMS}` },
    'environment.yaml:4 natGateways: found 3, allowed: up to one per availability zone, 2; change one of them',
  ],
  [
    'a way out of another kind',
    { 'environment.yaml': `${ENVIRONMENT}nat: none\n${TEAMS}` },
    'environment.yaml:4 nat: found "none", allowed: gateway or instance; change it',
  ],
  [
    'two gateways where there is an instance',
    { 'environment.yaml': `${ENVIRONMENT}nat: instance\nnatGateways: 2\n${TEAMS}` },
    'environment.yaml:5 natGateways: found 2, allowed: nothing beside nat: instance, which makes one instance and no gateway; remove it, or write nat: gateway',
  ],
  [
    'pods whose way out would sleep',
    { 'environment.yaml': `${ENVIRONMENT}nat: instance\nparts: { kubernetes: true }\n${TEAMS}` },
    'environment.yaml:5 parts.kubernetes: found true, allowed: false beside nat: instance, which sleeps with the services; pods need a way out too; change it, or write nat: gateway',
  ],
  [
    'an interface endpoint that is none',
    { 'environment.yaml': `${ENVIRONMENT}interfaceEndpoints:\n  - ecr\n  - s4\n${TEAMS}` },
    'environment.yaml:6 interfaceEndpoints.1: found "s4", allowed: ecr, logs, secretsmanager, ssm, sts, kms; change it',
  ],
  [
    'a domain without a certificate',
    { 'environment.yaml': `${ENVIRONMENT}domain: dev.example.com\n${TEAMS}` },
    'environment.yaml:4 domain: found "dev.example.com", allowed: a domain together with a certificate; add certificate: the ARN of one for *.dev.example.com',
  ],
  [
    'a sign-in without a certificate, which has no encrypted connection',
    { 'environment.yaml': `${ENVIRONMENT}${SIGN_IN}${TEAMS}` },
    'environment.yaml:4 signIn: found it without a certificate, allowed: signIn together with a certificate: the load balancer has people sign in over HTTPS; add certificate: the ARN of one for the load balancer, or remove signIn',
  ],
  [
    'a client secret that stands in the catalog',
    {
      'environment.yaml': `${ENVIRONMENT}${SIGN_IN.replace(/arn:[^"]+/, 'hunter2')}${TEAMS}`,
    },
    'environment.yaml:4 signIn.clientSecret: found "hunter2", allowed: the ARN of a secret of Secrets Manager whose whole text is the client secret; change it',
  ],
  [
    'visitors who sign in where nobody can',
    {
      'services/shop.yaml':
        'team: ordering\nroute: { path: /*, priority: 1 }\nwakeFor: signed-in\n',
    },
    'services/shop.yaml:3 wakeFor: found "signed-in", allowed: browsers or all: the environment has no signIn; change it, or add signIn to environment.yaml',
  ],
  [
    'a hosted zone without a domain',
    { 'environment.yaml': `${ENVIRONMENT}hostedZone: Z123\n${TEAMS}` },
    'environment.yaml:4 hostedZone: found "Z123", allowed: a hosted zone together with its domain; add domain',
  ],
  [
    'a time zone that is none',
    { 'environment.yaml': `${ENVIRONMENT}timeZone: Berlin\n${TEAMS}` },
    'environment.yaml:4 timeZone: found "Berlin", allowed: an IANA time zone, such as Europe/Berlin or UTC; change it',
  ],
  [
    'a budget below nothing',
    { 'environment.yaml': `${ENVIRONMENT}budget: -5\n${TEAMS}` },
    'environment.yaml:4 budget: found -5, allowed: US dollars a month, up to 1000000; change it',
  ],
  [
    'a ceiling below the budget',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}    budget: 250\n    ceiling: 200\n` },
    'environment.yaml:9 teams.platform.ceiling: found 200, allowed: at least budget, 250; change it',
  ],
  [
    'a ceiling without a budget',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}    ceiling: 200\n` },
    'environment.yaml:8 teams.platform.ceiling: found 200, allowed: nothing without a budget; add budget, or remove it',
  ],
  [
    'a part there is not',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}parts:\n  eks: true\n` },
    'environment.yaml:9 parts.eks: found an unknown field, allowed: bastion, flowLogs, accessLogs, containerInsights, kubernetes, dashboards, prometheus, grafana, githubProvider, entranceLimit; correct its spelling or remove it',
  ],
  [
    'a part that is neither on nor off',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}parts:\n  kubernetes: yes\n` },
    'environment.yaml:9 parts.kubernetes: found "yes", allowed: true or false; write true',
  ],
  [
    'a default schedule there is not',
    { 'environment.yaml': `${ENVIRONMENT}schedule: nights\n${TEAMS}` },
    'environment.yaml:4 schedule: found "nights", allowed: always-on; change it, or add the schedule',
  ],
  [
    'a schedule that never runs',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}schedules:\n  office:\n    running: []\n` },
    'environment.yaml:10 schedules.office.running: found [], allowed: at least one period of days, from and to in which it runs; change it',
  ],
  [
    'days that are none',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}${OFFICE.replace('mon-fri', 'weekdays')}` },
    'environment.yaml:11 schedules.office.running.0.days: found "weekdays", allowed: days and ranges of days, such as mon-fri or mon, wed, sat-sun; change it',
  ],
  [
    'a time that is none',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}${OFFICE.replace('08:00', '8am')}` },
    'environment.yaml:11 schedules.office.running.0.from: found "8am", allowed: a local time, such as 08:00; change it',
  ],
  [
    'a calendar there is not',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}${OFFICE}    calendar: france\n` },
    'environment.yaml:12 schedules.office.calendar: found "france", allowed: nothing: there is no calendar; change it, or add the calendar',
  ],
  [
    'a schedule called always-on',
    { 'environment.yaml': `${ENVIRONMENT}${TEAMS}${OFFICE.replace('office', 'always-on')}` },
    'environment.yaml:9 schedules.always-on: found this name, allowed: a name other than always-on, which means that nothing sleeps; rename it',
  ],
  [
    'a holiday on no day',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}calendars:\n  germany:\n    2026-02-30: Nothing\n`,
    },
    'environment.yaml:10 calendars.germany.2026-02-30: found "2026-02-30", allowed: a date, such as 2026-12-25; rename it',
  ],
  [
    'a team whose name no tag should have',
    {
      'environment.yaml': `${ENVIRONMENT}${TEAMS}  The Team: { owner: a@example.com, channel: '#a' }\n`,
    },
    'environment.yaml:8 teams.The Team: found "The Team", allowed: lower-case letters, digits and hyphens, a letter first; rename it',
  ],
  [
    'a team without a channel',
    { 'environment.yaml': `${ENVIRONMENT}teams:\n  platform:\n    owner: platform@example.com\n` },
    "environment.yaml:5 teams.platform.channel: found nothing, allowed: a Slack channel: '#name' (quoted) or its id; add it",
  ],
  [
    'no teams',
    { 'environment.yaml': `${ENVIRONMENT}teams: {}\n` },
    'environment.yaml:4 teams: found {}, allowed: at least one team: a lower-case name with owner and channel; change it',
  ],
  [
    'an owner that is no team',
    { 'environment.yaml': `name: dev\nregion: eu-central-1\nowner: nobody\n${TEAMS}` },
    'environment.yaml:3 owner: found "nobody", allowed: platform; change it, or add the team',
  ],
  [
    'a check more often than AWS allows',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: ok\nhealth: { interval: 4 }\n` },
    'services/alpha.yaml:3 health.interval: found 4, allowed: 5 to 300 seconds from one check to the next (10 when absent); change it',
  ],
  [
    'a start longer than AWS allows',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: ok\nhealth:\n  start: 301\n` },
    'services/alpha.yaml:4 health.start: found 301, allowed: 0 to 300 seconds in which failed checks do not count (60 when absent); change it',
  ],
  [
    'one failed check, which no load balancer counts to',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: ok\nhealth: { unhealthy: 1 }\n` },
    'services/alpha.yaml:3 health.unhealthy: found 1, allowed: 2 to 10 failed checks in a row (when absent: healthCommand 3, load balancer 2); change it',
  ],
  [
    'an answer that may take until the next check',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: ok\nhealth:\n  timeout: 10\n` },
    'services/alpha.yaml:4 health.timeout: found 10, allowed: less than interval, 10; lower it, or raise interval',
  ],
  [
    'health of a service without a check',
    { 'services/alpha.yaml': `${SMALLEST}health: { start: 180 }\n` },
    'services/alpha.yaml:2 health: found {"start":180}, allowed: nothing: the service has no check (healthCommand, route or nlb); remove it, or add healthCommand',
  ],
  [
    'grace without a load balancer',
    { 'services/alpha.yaml': `${SMALLEST}healthCommand: ok\nhealth: { grace: 180 }\n` },
    'services/alpha.yaml:3 health.grace: found 180, allowed: nothing: no load balancer checks this service (route or nlb); remove it',
  ],
  [
    'health of a job',
    { 'services/alpha.yaml': `${SMALLEST}kind: job\nruns: rate(1 day)\nhealth: { start: 9 }\n` },
    'services/alpha.yaml:4 health: found {"start":9}, allowed: nothing: health is for web, api, worker, and this is a job; remove it or change kind',
  ],
  [
    'percentages that cannot move one task',
    { 'services/alpha.yaml': `${SMALLEST}deployment:\n  maximum: 150\n` },
    'services/alpha.yaml:3 deployment.maximum: found maximum 150 with minimum 100, with which ECS cannot replace one task, allowed: a maximum of at least 200, or a minimum of at most 0; change one of them',
  ],
  [
    'percentages that cannot move two tasks',
    { 'services/alpha.yaml': `${SMALLEST}count: 2\ndeployment: { minimum: 51, maximum: 149 }\n` },
    'services/alpha.yaml:3 deployment.maximum: found maximum 149 with minimum 51, with which ECS cannot replace 2 tasks, allowed: a maximum of at least 150, or a minimum of at most 50; change one of them',
  ],
  [
    'percentages that cannot move what scaling leaves',
    {
      'services/alpha.yaml': `${SMALLEST}count: 4\nscaling: { max: 6 }\ndeployment: { maximum: 150 }\n`,
    },
    'services/alpha.yaml:4 deployment.maximum: found maximum 150 with minimum 100, with which ECS cannot replace one task, allowed: a maximum of at least 200, or a minimum of at most 0; change one of them',
  ],
  [
    'a bake longer than an hour',
    { 'services/alpha.yaml': `${SMALLEST}deployment: { bake: 3601 }\n` },
    'services/alpha.yaml:2 deployment.bake: found 3601, allowed: 0 to 3600 seconds a new image must stay healthy (120 when absent); change it',
  ],
  [
    'a deadline in words',
    { 'services/alpha.yaml': `${SMALLEST}deployment: { deadline: 10m }\n` },
    'services/alpha.yaml:2 deployment.deadline: found "10m", allowed: 60 to 21600 seconds without progress after which it is undone (1800 when absent); change it',
  ],
  [
    'a circuit breaker that counts to nothing',
    { 'services/alpha.yaml': `${SMALLEST}deployment: { failures: 0 }\n` },
    'services/alpha.yaml:2 deployment.failures: found 0, allowed: 1 to 100 failed tasks after which it is undone (2 when absent); change it',
  ],
  [
    'an unknown platform',
    { 'services/alpha.yaml': `${SMALLEST}platform: amd64\n` },
    'services/alpha.yaml:2 platform: found "amd64", allowed: arm64 or x86_64: what the image is built for; change it',
  ],
  [
    'findings of an unknown kind',
    { 'services/alpha.yaml': `${SMALLEST}refuseFindings: medium\n` },
    'services/alpha.yaml:2 refuseFindings: found "medium", allowed: critical or high: an image whose scan found such, or worse, is refused; change it',
  ],
  [
    'several things at once',
    {
      'services/alpha.yaml': 'team: sales\ndeploy: "glob:"\n',
      'services/beta.yaml': `${SMALLEST}alarms: { disk: 80 }\n`,
    },
    [
      'services/alpha.yaml:1 team: found "sales", allowed: platform, storefront, ordering; change it, or add the team to environment.yaml',
      `services/alpha.yaml:2 deploy: found "glob:", allowed: ${POLICIES}; change it`,
      'services/beta.yaml:2 alarms.disk: found an unknown field, allowed: errors, latency, cpu, memory, restarts, unhealthy, tasks-missing, failed; correct its spelling or remove it',
    ].join('\n'),
  ],
]

describe('a broken catalog says file, line, field, what was found, what is allowed, what to do', () => {
  test.each(BROKEN)('%s', (_, files, message) => {
    expect(refusal(files)).toEqual({ message, reached: false })
  })

  it('once for each mistake', () => {
    const several = BROKEN.filter(([, , message]) => message.includes('\n'))
    expect(several.map(([what]) => what)).toEqual(['several things at once'])
  })
})
