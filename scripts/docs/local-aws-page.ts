import type { Service } from '../../local/aws/aws.ts'
import { listOperations } from '../../local/aws/schema.ts'
import { simulatedTypes } from '../../local/cloudformation/types.ts'

/** Where the simulation knowingly answers otherwise than AWS, or where AWS promises nothing. */
const DIFFERENCES = [
  '`events put-events` takes events of `aws.*` sources from a person, so that you can hand-make an ECR push. AWS refuses them; so does the simulation when a function or a machine tries.',
  'How long things take in ECS (placing, pulling, starting, draining) AWS does not promise; the simulation draws each from a range its users report (`local/aws/ecs/durations.ts`).',
  'Rates that AWS does not publish (the tagging API’s) are cautious guesses (`local/aws/limits.ts`). People are throttled like functions; CloudFormation and AWS itself are not.',
  'What AWS’s API models allow (required members, enums, ranges, lengths, patterns) is checked before an operation, from `local/aws/constraints/constraints.json`; the words of ECS for that, and of some of ECS’s other refusals, are not recorded anywhere and marked so in the code. Which wildcards of an event pattern are too complex AWS does not say: five before the same character here.',
  'A table of DynamoDB says `CREATING` for five seconds, and can be used meanwhile. A state machine’s log is written when its execution has ended. The function that rotates a secret is checked and not called.',
  'A task is refused its start when its execution role may not log in to ECR or read its secrets; without a role in the definition, or with one that is not there, nothing is asked. From which repositories it may pull is not asked either, and a subnet whose id has not the form of AWS’s (`subnet-1`) is taken to be there: scenarios add containers and services by hand, with the roles of others. What ECS has and the simulation has not: task sets, daemons, Service Connect, lifecycle hooks of rolling deployments, and StopServiceDeployment with `ABORT`, of which AWS’s pages say nothing. ECR expires images by lifecycle policies once a day. There is one Region and one registry: its images are not replicated anywhere, and what another registry replicates to it a scenario says (`push.replicated`); pull-through caches are not there.',
  'Blue/green, linear and canary deployments follow AWS’s pages, and words recorded on AWS where there are some. Not confirmed: that the circuit breaker acts in all three (Terraform’s tests on AWS show it for blue/green, the developer guide names rolling ones alone), that SERVICE_DEPLOYMENT_FAILED is sent for them only with a breaker, the weights a deployment writes (percent), the words for a hook that times out or that somebody sends back, and that a service without tasks waits no bake time. Of a shortage of Fargate’s capacity AWS does not say how often ECS tries again (every minute here), nor whether the circuit breaker counts it (it does not here: no task has failed).',
  'Images of registries other than the account’s own are assumed to exist and to work.',
  'State machines are JSONata only; JSONPath is refused by name. Distributed Map, versions, aliases, activities and redrive are refused too.',
  'A request to the endpoint may carry any credentials. It acts as a person with every right, named after the access key id, or with the rights of the role whose session (`sts assume-role`) the access key is of. Signatures are checked at functions’ URLs alone: the secret of every person is `local`. Any six digits are a second factor.',
  'Functions’ URLs are reached at `http://127.0.0.1:4566/_url/<id>/` and by their own host; signatures there are checked against the real clock. They do not stream, take no presigned requests, and pages of other origins may not use them here.',
  'Intervals between deliveries that EventBridge and Scheduler try again, and how long Lambda keeps an idle environment, AWS does not publish; those here are guesses. A `rate()` schedule fires first when it is created.',
  'Slack is simulated too, behind the same HTTP API: tokens and scopes, channels, threads, files, Block Kit’s limits, rate limits, and what people do, told to the app by signed requests. Guesses are its burst per channel, how long it looks through an uploaded file (5 s), and the size from which blocks are too long together; a `thread_ts` that names a reply is refused, because what Slack does with it is not documented. Modals and the Home tab are not there.',
  'An alarm’s band of anomalies is so many standard deviations around the mean of two weeks; AWS’s own model also knows hours and weekdays. Alarms with many time series act when they change themselves, not for each contributor. Pictures of metrics have no words.',
  'CloudWatch has CPU, memory, network and connections of what runs as they are while nobody uses it, and counts the requests that a load balancer hands on; more is for `PutMetricData` of a scenario. Whoever reads metrics gets them; alarms on them see only what was put. What a queue holds is known of the last minute, and of those in which an alarm looks at it.',
  'Below `/v2/` the endpoint is the account’s registry, for Docker, skopeo and crane ([how](push-a-real-image.md)). As ECR and otherwise than the specification, it answers a part of a layer with 201, and refuses parts of less than 5 MiB before the last one, empty layers and digests other than SHA-256. It hands out layers itself, where ECR sends clients on to S3; keeps at most 2 GiB of them, in memory; reads what an image does from its labels, and refuses labels of `caretaker.` that it does not know. Its password ends by the simulated clock. Of what ECR answers to a wrong one only the status is known. Repository creation templates are not simulated: a push makes no repository.',
  'S3 has no objects and is not on the HTTP endpoint. The tagging API reads the tags of buckets but does not write them.',
  'A state machine of your own may name a role that has never been in the account; its calls are then not checked. AWS refuses such a machine when it is created. With a role that exists, every call is checked.',
  'How long an instance takes to start and stop, and until its status checks pass, AWS does not promise (`local/aws/ec2/life.ts`). AMIs are taken to exist and to have a root on EBS, but for those registered with a place in S3 (`RegisterImage`). Which code `StartInstances` answers with when the root volume is gone is not documented: `InvalidParameterValue` here, with AWS’s words.',
  'CloudTrail tells of calls that change something in EC2 (instances, tags, routes, new volumes and snapshots), RDS, ECS, EC2 Auto Scaling and Application Auto Scaling, and of what is made in ElastiCache, EFS, ECR, Lambda, DynamoDB, SNS, SQS, CloudWatch Logs and Elastic Load Balancing, 3 seconds to 5 minutes later, seeded: AWS gives no number. Calls that CloudFormation makes come from the role that the CDK’s bootstrap makes for it. Nothing is written to a trail’s bucket.',
  '`DescribeInstanceTypes` knows of a type only whether it has an instance store, from its name.',
  'EC2 Auto Scaling acts some seconds after a change and checks instances within a minute; AWS promises neither (`local/aws/auto-scaling/life.ts`), and publishes no rates of its API, so there are no token buckets. Groups that a template makes hand all their tags on to their instances. The tagging API writes their tags and does not list them, as AWS’s own.',
  'Networking has no packets: VPCs, subnets, routes and security groups are ids and attributes. One thing follows from them: a task on Fargate whose subnet has no way out (its route to 0.0.0.0/0 leads to an instance that does not forward, or there is none and no endpoints of ECR and S3) cannot pull its image. An instance forwards when its source/destination check is off and its status checks have passed. What a NAT instance (`nat: instance`) does inside is played with its own role, as `infra/environment/network/way-out.sh` says, when its status checks pass; `natInstances.behaviour` of the simulation lets it hang, or find no way out.',
]

/** What `faults` of a scenario and the storms of the tests switch on; the seed decides when. */
const FAULTS = [
  '`lose`, `duplicate`, `delay`, `reorder`: events on their way to the bus. Only best-effort events (ECR’s) are lost.',
  '`unfired`: a one-time schedule of EventBridge Scheduler is due, calls nobody, and stays. AWS promises at least one call; whoever relies on it must survive that there is none.',
  '`unseen`: a new instance of EC2 is not shown by `DescribeInstances` for up to 20 seconds; AWS says that its API is eventually consistent, but not how long that takes.',
  '`stale`: after an `UpdateService`, `DescribeServices` answers for up to 8 seconds as before it, and `ListServiceDeployments` leaves its deployment out for up to 30 seconds, each for itself. Tags are never stale, and neither is what CloudFormation reads. AWS says that reads of ECS are eventually consistent, but not how long that takes.',
  '`shortage` (a step of its own in a scenario): EC2 has no capacity for one instance type in one zone, for a time.',
  'Instances fail by how they are: a Spot instance of a one-time request, stop protection (`DisableApiStop`), an instance store as root (`RegisterImage` with a place in S3) and hibernation that was not enabled, or is asked for within two minutes of the start, refuse `StopInstances`; a root volume that was taken away while stopped (`DetachVolume`) refuses `StartInstances`; a volume with a key of your own (`KmsKeyId`), started by a role without `kms:CreateGrant` on it, lets the instance fall back to `stopped`.',
]

/**
 * The page `docs/local-aws.md`: what the local AWS simulates, from the code itself.
 *
 * @param services the services of a simulated account.
 */
export function localAwsPage(services: readonly Service[]): string {
  return [
    '# What the local AWS simulates',
    '',
    '<!-- Written by `npm run docs` from the code. -->',
    '',
    'Everything below behaves as AWS documents it, on a simulated clock. An operation, member or value that is not here answers `NotImplemented` (501) and names itself. Every call of a function or machine is checked against its role’s policies, and throttled by the published token buckets.',
    '',
    'How far tests would notice that it is wrong is measured: `npm run mutants -- --seed 7` changes one token of `local/aws` at a time and runs the tests that run it (`npm run mutants:ran` notes which, first).',
    '',
    '## Differences from AWS',
    '',
    ...DIFFERENCES.map((line) => `- ${line}`),
    '',
    '## Faults',
    '',
    'Off, until a scenario (`faults`) or a test sets them: most by how often they happen, from 0 to 1. The same seed makes the same faults.',
    '',
    ...FAULTS.map((line) => `- ${line}`),
    '',
    '## API operations',
    '',
    ...services.toSorted((a, b) => a.id.localeCompare(b.id)).flatMap(operationsOf),
    '## CloudFormation resource types',
    '',
    'Types that run:',
    '',
    ...simulatedTypes()
      .filter(({ standIn }) => standIn === undefined)
      .flatMap(typeLines),
    '',
    'Types of which only the id and the attributes are there, and why that is harmless:',
    '',
    '| type | why |',
    '|---|---|',
    ...simulatedTypes().flatMap(({ type, standIn }) =>
      standIn === undefined ? [] : [`| \`${type}\` | ${standIn} |`],
    ),
    '',
  ].join('\n')
}

function operationsOf({ id, operations }: Service): string[] {
  const has = Object.keys(operations).toSorted()
  const all = listOperations(id).length
  return [`**${id}** (${has.length} of ${all}): ${has.join(', ')}`, '']
}

function typeLines({ type, without }: ReturnType<typeof simulatedTypes>[number]): string[] {
  if (without.length === 0) return [`- \`${type}\``]
  return [
    `- \`${type}\`; without effect:`,
    ...without.map(({ property, why }) => `  - \`${property}\`: ${why}`),
  ]
}
