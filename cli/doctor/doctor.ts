import { ENTRANCE_AT_ONCE, VISITORS_AT_ONCE } from '../../catalog/entrance.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { stackNamed } from '../../domain/stack-names.ts'
import {
  BOOTSTRAP_STACK,
  bootstrapOf,
  type Configuration,
  deployedStack,
  whoAmI,
} from '../deploy/account.ts'
import { everyRole } from '../deploy/service-linked-roles.ts'
import { judgeAnomalies, monitorsIn } from './anomalies.ts'
import { type Demand, demandOf } from './demand.ts'
import { type Finding, ok, warn } from './finding.ts'
import * as judge from './judge.ts'
import * as read from './read.ts'

/** Codes from https://docs.aws.amazon.com/general/latest/gr/ecs-service.html and …/gr/vpc-service.html */
const QUOTAS: {
  quota: { name: string; service: string; code: string }
  needed: keyof Demand
  /** Undefined where what runs already is part of what the catalog needs. */
  used?: (configuration: Configuration) => Promise<number>
}[] = [
  {
    quota: { name: 'VPCs', service: 'vpc', code: 'L-F678F1CE' },
    needed: 'vpcs',
    used: read.vpcCount,
  },
  {
    quota: { name: 'Elastic IPs', service: 'ec2', code: 'L-0263D0A3' },
    needed: 'elasticIps',
    used: read.addressCount,
  },
  {
    quota: { name: 'ECS services in a cluster', service: 'ecs', code: 'L-9EF96962' },
    needed: 'servicesPerCluster',
  },
  {
    quota: { name: 'Fargate vCPU', service: 'fargate', code: 'L-3032A538' },
    needed: 'onDemandVcpu',
  },
  {
    quota: { name: 'Fargate Spot vCPU', service: 'fargate', code: 'L-36FBB829' },
    needed: 'spotVcpu',
  },
]

/**
 * Looks at everything a deployment needs of an account, and changes nothing.
 *
 * @returns a line each, in the order in which they matter.
 * @throws Problem without credentials or network: then nothing can be said.
 */
export async function examine(catalog: Catalog, configuration: Configuration): Promise<Finding[]> {
  const { environment, services } = catalog
  const identity = await whoAmI(configuration)
  const { region, connection, availabilityZones } = environment
  const findings = [
    judge.judgeIdentity(identity, environment),
    await about('Availability zones', async () =>
      judge.judgeZones(await read.zonesIn(configuration), availabilityZones, region),
    ),
    await about('The bootstrap', async () =>
      judge.judgeBootstrap(bootstrapOf(await deployedStack(configuration, BOOTSTRAP_STACK))),
    ),
  ]
  findings.push(
    await about('Service-linked roles', async () =>
      judge.judgeServiceLinkedRoles((await everyRole(configuration)).map(({ role }) => role)),
    ),
    ...(await quotas(catalog, configuration)),
  )
  findings.push(
    await about('Rules of the load balancer', async () =>
      judge.judgeRules(demandOf(catalog).balancerRules, await read.balancerRules(configuration)),
    ),
    await about('Lambda concurrency', async () => {
      const entrances = ['receive-slack', 'answer-visitor'].map(
        (one) => `${environment.name}-${one}`,
      )
      const needed = environment.parts.entranceLimit ? ENTRANCE_AT_ONCE + VISITORS_AT_ONCE : 0
      return judge.judgeConcurrency(await read.concurrencyIn(configuration, entrances), needed)
    }),
  )
  const secret = `${environment.name}/caretaker/slack`
  const pipelines = services.filter(({ source }) => source?.builder === 'codepipeline').length
  findings.push(
    await about('CloudTrail', async () =>
      judge.judgeCloudTrail(await read.trails(configuration), environment),
    ),
    await about('Cost-allocation tags', async () =>
      judge.judgeCostTags(await read.activeCostTags(configuration)),
    ),
    ...(await anomalies(catalog, configuration)),
    await about('Repositories', async () => {
      const names = new Set(
        services.flatMap(({ image, repository }) => (image === undefined ? repository : [])),
      )
      const found = await read.repositoriesNamed(configuration, names)
      return judge.judgeRepositories(found, environment.name)
    }),
    await about('Alarms', async () => {
      const partition = identity.arn.split(':')[1]
      const topic = `arn:${partition}:sns:${region}:${identity.account}:${environment.name}-alarms`
      const subscriptions = await read.subscriptionsOf(configuration, topic)
      return judge.judgeAlarms(environment.alarms.email, subscriptions)
    }),
    await about('The Slack token', async () =>
      judge.judgeSlack(await read.secretValue(configuration, secret), secret),
    ),
    await about('The GitHub connection', async () => {
      const status = connection && (await read.connectionStatus(configuration, connection))
      return judge.judgeConnection(status, pipelines)
    }),
  )
  return findings
}

/** Looked up, for a cent, only where the catalog asks to be told of anomalies. */
async function anomalies({ environment }: Catalog, configuration: Configuration) {
  const { anomalies: asked, name } = environment
  if (asked === undefined) return []
  const judged = async () => judgeAnomalies(asked, name, await monitorsIn(configuration))
  return [await about('Anomalies of costs', judged)]
}

async function quotas(catalog: Catalog, configuration: Configuration): Promise<Finding[]> {
  const demand = demandOf(catalog)
  const stack = stackNamed(catalog.environment, 'Environment')
  const findings: Finding[] = []
  for (const { quota, needed, used } of QUOTAS) {
    findings.push(
      await about(quota.name, async () => {
        const limit = await read.quotaOf(configuration, quota)
        if (used === undefined) {
          return judge.judgeQuota(quota, { used: 0, needed: demand[needed], limit })
        }
        // What the environment uses of it is already counted.
        const stands = (await deployedStack(configuration, stack)) !== undefined
        return judge.judgeQuota(quota, {
          used: await used(configuration),
          needed: stands ? 0 : demand[needed],
          limit,
        })
      }),
    )
  }
  return findings
}

/** Reports a failed read as not known: it says nothing about the account. */
async function about(what: string, finding: () => Promise<Finding>): Promise<Finding> {
  try {
    return await finding()
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'NotImplemented' || message.includes('this local AWS')) {
      return ok(`${what}: looked at on AWS alone, the simulated AWS has none of it`)
    }
    return warn(
      `${what}: not known (${name}: ${message})`,
      'Ask for the right to read it, or check it in the AWS console.',
    )
  }
}
