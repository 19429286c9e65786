import type { Bootstrap, Identity } from '../deploy/account.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** One finding from each of AWS's answers, without I/O. */

/** @param expected the catalog's account; undefined takes any. */
export function judgeIdentity(
  { account, arn }: Identity,
  { account: expected, region }: { account?: string | undefined; region: string },
): Finding {
  if (expected !== undefined && expected !== account) {
    return fail(
      `The credentials are for account ${account}, the catalog for ${expected}`,
      `Sign in to ${expected}, or correct account in catalog/environment.yaml.`,
    )
  }
  const who = `Account ${account}, ${region}, as ${arn}`
  if (arn.endsWith(':root')) {
    return fail(
      who,
      'Do not work as root. Sign in through Identity Center (docs/getting-started.md).',
    )
  }
  if (/:user\//.test(arn)) {
    return warn(
      `${who}: an IAM user, whose keys never expire`,
      'Sign in through Identity Center (docs/getting-started.md), then delete the keys.',
    )
  }
  return ok(who)
}

/** `ap-northeast-1d` in this account, and `apne1-az3` in every account. */
export type Zone = { name: string; id: string }

/**
 * Regions with zones in which Fargate runs no tasks, and those in which it does.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
 */
const WITH_FARGATE: Readonly<Record<string, readonly string[]>> = {
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
}

/** @param zones the Region's, in whose order the templates take them. */
export function judgeZones(zones: readonly Zone[], needed: number, region: string): Finding {
  const fargate = Object.hasOwn(WITH_FARGATE, region) ? WITH_FARGATE[region] : undefined
  const without = zones.slice(0, needed).filter(({ id }) => fargate?.includes(id) === false)
  if (without.length > 0) {
    return warn(
      `Fargate runs no tasks in ${without.map(({ name, id }) => `${name} (${id})`).join(', ')}`,
      'Choose another Region: tasks that ECS places in this zone do not start.',
    )
  }
  if (zones.length >= needed) return ok(`${region} has ${zones.length} availability zones`)
  return fail(
    `${region} has ${zones.length} availability zones, the catalog asks for ${needed}`,
    'Lower availabilityZones in catalog/environment.yaml, or choose another Region.',
  )
}

export function judgeBootstrap(bootstrap: Bootstrap): Finding {
  if (bootstrap === 'ready') return ok('The account is bootstrapped for CDK')
  return warn(
    bootstrap === 'missing'
      ? 'The account is not bootstrapped for CDK'
      : 'Its bootstrap is too old',
    'Nothing to do: npx caretaker environment deploy does it first. It needs the right to make roles.',
  )
}

/** How full a quota may become before it is worth a line. */
const FULL = 0.8

/** @param quota what it is called in the Service Quotas console, and its code. */
export function judgeQuota(
  { name, service, code }: { name: string; service: string; code: string },
  { used, needed, limit }: { used: number; needed: number; limit: number },
): Finding {
  const what = `${name}: ${used} used, ${needed} needed, ${limit} allowed`
  const remedy = (value: number) =>
    `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value}`
  const wanted = used + needed
  if (wanted > limit) return fail(what, remedy(Math.ceil(wanted * 1.5)))
  return wanted > limit * FULL ? warn(what, remedy(limit * 2)) : ok(what)
}

/** @param needed while everything that visitors may wake sleeps. */
export function judgeRules(needed: number, limit: number): Finding {
  const what = `Rules of the load balancer: ${needed} needed while everything sleeps, ${limit} allowed`
  if (needed <= limit) return ok(what)
  return warn(
    what,
    `In Service Quotas, Elastic Load Balancing, ask for ${Math.ceil(needed * 1.5)} "Rules per Application Load Balancer", or write wakeOnRequest: false for some services. Those for which there is no room sleep without a page.`,
  )
}

/** Of an account and Region: all, what no function reserves, and what the entrances reserve. */
export type Concurrency = { limit: number; unreserved: number; own: number }

/**
 * This many stay unreserved; in an account whose limit is lower, all of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const UNRESERVED = 100

/** @param needed what the entrances for Slack and for visitors are to reserve; 0 where the catalog does without. */
export function judgeConcurrency({ limit, unreserved, own }: Concurrency, needed: number): Finding {
  const room = Math.max(0, unreserved + own - Math.min(UNRESERVED, limit))
  const what = `Lambda concurrency: ${limit} allowed, ${room} of it can be reserved, ${needed} needed`
  if (room >= needed && needed > 0) return ok(what)
  const raise =
    'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000'
  if (needed === 0) {
    return warn(
      `${what}: a flood of requests at the entrance for Slack can use up the account’s`,
      `Remove parts.entranceLimit from catalog/environment.yaml${room > 0 ? '.' : `, once there is more: ${raise}`}`,
    )
  }
  return fail(
    what,
    `${raise}; or, until then, parts: { entranceLimit: false } in catalog/environment.yaml.`,
  )
}

/** @param missing the roles of services that the account does not have. */
export function judgeServiceLinkedRoles(missing: readonly string[]): Finding {
  if (missing.length === 0) return ok('AWS’s services have their roles in the account')
  return warn(
    `A new account: AWS has not made ${missing.join(', ')} yet`,
    'Nothing to do: npx caretaker environment deploy makes them first. It needs the right iam:CreateServiceLinkedRole.',
  )
}

export type Trail = {
  name: string
  logging: boolean
  /** Management events that change something are among what it logs. */
  writes: boolean
  everyRegion: boolean
  region: string
  /** Where its files are. */
  bucket: string
}

/**
 * Who created, started or stopped a resource is known only from a trail.
 *
 * @param environment what the catalog says: `trail`, and whose own trail it is.
 */
export function judgeCloudTrail(
  trails: readonly Trail[],
  { region, trail, name }: { region: string; trail: 'own' | 'account' | 'none'; name: string },
): Finding {
  const here = trails.filter((one) => one.everyRegion || one.region === region)
  const [logging, second] = here.filter((one) => one.logging && one.writes)
  if (logging === undefined) return judgeNoTrail(here[0], trail)
  if (!logging.bucket.includes('cloudtrail')) {
    return warn(
      `CloudTrail is on: ${logging.name}, but break-glass can change the bucket ${logging.bucket}`,
      'Only a bucket with cloudtrail in its name is out of its reach (docs/access.md): give the trail one.',
    )
  }
  if (trail === 'own' && (second !== undefined || logging.name !== `${name}-changes`)) {
    return warn(
      `CloudTrail is on: ${logging.name}, and the environment has a trail of its own`,
      'Only the first copy of management events is free: trail: account in catalog/environment.yaml needs no second.',
    )
  }
  return ok(`CloudTrail is on: ${logging.name}`)
}

function judgeNoTrail(found: Trail | undefined, trail: 'own' | 'account' | 'none'): Finding {
  if (trail === 'none') {
    return ok('No trail tells who called (trail: none): every change by hand counts as a person’s')
  }
  if (found?.logging) {
    return warn(
      `The trail ${found.name} logs no management events that change something`,
      `aws cloudtrail put-event-selectors --trail-name ${found.name} --event-selectors ReadWriteType=WriteOnly,IncludeManagementEvents=true`,
    )
  }
  if (found !== undefined) {
    return warn(
      `The trail ${found.name} is stopped`,
      `aws cloudtrail start-logging --name ${found.name}`,
    )
  }
  if (trail === 'own') {
    return warn(
      'CloudTrail keeps no trail here yet',
      'Nothing to do: npx caretaker environment deploy makes it.',
    )
  }
  return warn(
    'CloudTrail keeps no trail here: who created a resource is not told, so it gets no owner, and every change by hand counts as a person’s',
    'Set trail: own in catalog/environment.yaml, or make one in the CloudTrail console (Quick trail create); the first copy of management events is free.',
  )
}

/** Without these, costs cannot be grouped by team and service. */
export const COST_TAGS = ['caretaker:environment', 'caretaker:owner', 'caretaker:service']

/** @param active the keys of cost-allocation tags that are active. */
export function judgeCostTags(active: readonly string[]): Finding {
  const missing = COST_TAGS.filter((key) => !active.includes(key))
  if (missing.length === 0) return ok('Cost-allocation tags are active')
  const statuses = missing.map((key) => `TagKey=${key},Status=Active`).join(' ')
  return warn(
    `Not active as cost-allocation tags: ${missing.join(', ')}`,
    `aws ce update-cost-allocation-tags-status --region us-east-1 --cost-allocation-tags-status ${statuses} (in the payer account, a day after the first deployment)`,
  )
}

/** @param value of the secret; undefined when there is no secret yet. */
export function judgeSlack(value: string | undefined, secret: string): Finding {
  if (value === undefined) {
    return warn(
      `There is no secret ${secret} yet`,
      'Nothing to do: npx caretaker environment deploy makes it.',
    )
  }
  // A new secret holds a random value, which Slack would refuse.
  if (value.startsWith('xoxb-')) return ok(`The Slack token is in ${secret}`)
  return warn(
    `${secret} holds no bot token (xoxb-…): Slack stays silent`,
    `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string xoxb-…`,
  )
}

/** @param status undefined when the catalog names no connection. */
export function judgeConnection(status: string | undefined, pipelines: number): Finding {
  if (status === undefined) {
    if (pipelines === 0)
      return ok('No service has a pipeline of its own: no GitHub connection needed')
    return fail(
      `${pipelines} services name a source, and the catalog has no connection to GitHub`,
      'Make one (docs/getting-started.md) and put its ARN into connection in catalog/environment.yaml.',
    )
  }
  if (status === 'AVAILABLE') return ok('The GitHub connection is available')
  return fail(
    `The GitHub connection is ${status}`,
    'Open Developer Tools → Settings → Connections in the AWS console and choose “Update pending connection”.',
  )
}

/** A repository that is there, and whose it says it is. */
export type Repository = { name: string; environment: string | undefined }

/** @param found those of the catalog's names that are in the registry. */
export function judgeRepositories(found: readonly Repository[], environment: string): Finding {
  const named = (some: readonly Repository[]) => some.map(({ name }) => name).join(', ')
  const theirs = found.filter((one) => (one.environment ?? environment) !== environment)
  if (theirs.length > 0) {
    return fail(
      `Repositories of another environment: ${named(theirs)}`,
      `Set repositoryPrefix: ${environment}/ in catalog/environment.yaml, or repository in the files of these services.`,
    )
  }
  const nobodys = found.filter((one) => one.environment === undefined)
  if (nobodys.length > 0) {
    return warn(
      `Repositories that nobody’s tag claims: ${named(nobodys)}`,
      'A deployment takes them over. If that is not meant, set repositoryPrefix in catalog/environment.yaml.',
    )
  }
  return ok('The names of all repositories are free, or this environment’s')
}

export type Subscription = { endpoint: string; confirmed: boolean }

/** @param subscriptions of the topic of alarms; undefined when there is no topic yet. */
export function judgeAlarms(
  email: string | undefined,
  subscriptions: readonly Subscription[] | undefined,
): Finding {
  const confirmed = (subscriptions ?? []).filter((one) => one.confirmed)
  if (confirmed.length > 0) {
    return ok(`Alarms are told to ${confirmed.map(({ endpoint }) => endpoint).join(', ')}`)
  }
  if (email === undefined) {
    return warn('Alarms are told to nobody', 'Set alarms.email in catalog/environment.yaml.')
  }
  return subscriptions === undefined
    ? warn(
        'There is no topic of alarms yet',
        'Nothing to do: npx caretaker environment deploy makes it.',
      )
    : warn(`${email} has not confirmed that it wants alarms`, 'Open the link in AWS’s mail to it.')
}
