import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { RDSClient } from '@aws-sdk/client-rds'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { instant } from '../../domain/time.ts'
import { lambda, type Tools } from '../shared/handler.ts'
import { listManaged } from '../shared/listed.ts'
import { describeManaged } from '../shared/managed.ts'
import { Registry } from '../shared/roll-out/registry.ts'
import { startRollOut } from '../shared/roll-out/start.ts'
import { readStored } from '../shared/roll-out/stored.ts'
import { startFor, startMachine } from '../shared/start.ts'
import { tellLostTags } from './adopted.ts'
import { repairAlarms } from './alarms.ts'
import { dueCircuits } from './circuits.ts'
import { environment, event } from './contract.ts'
import { dueRollOuts } from './roll-outs.ts'
import { dueSleep } from './sleep.ts'

/**
 * The slow pass that repairs what lost events left: reads everything tagged once, asks each
 * feature's judge, and starts a machine only for what is wrong. It writes nothing itself but what
 * events of alarms would have written, and one resource that cannot be read does not keep it from
 * the others.
 */
export const handler = lambda({
  name: 'sweep',
  environment,
  event,
  async run({ sweep }, tools) {
    const { environment: settings, client, log, now, pause } = tools
    const { environment: own } = tools.catalog()
    const ecs = client(ECSClient)
    const sfn = client(SFNClient)
    const unread: unknown[] = []
    const failed = (what: string, error: unknown) => {
      log.error('a service cannot be looked at', { caretakerService: what, error })
      unread.push(error)
    }
    const listed = await listManaged(client(ResourceGroupsTaggingAPIClient), own)
    const arns = listed.map(({ arn }) => arn)
    const services = await describeManaged(ecs, arns, own, { failed, pause })
    const sources = {
      ecs,
      sfn,
      catalog: tools.catalog(),
      registry: new Registry(client(ECRClient), tools.fetch),
      table: { client: client(DynamoDBClient), name: settings.TABLE_NAME },
    }
    const ids = services.map(({ id }) => id)
    const stored = await readStored(sources.table, ids)
    const { due, readable } = await dueRollOuts(
      sources,
      services,
      stored,
      { now, at: instant(now) },
      failed,
    )
    for (const { service, reasons } of due) {
      log.info('decided', { caretakerService: service.id, reasons })
      const input = { service: service.arn, sweep: true } as const
      await startRollOut(sfn, settings.ROLL_OUT_MACHINE, input, `sweep-${sweep}`)
    }
    const circuits = await dueCircuits(sources, tools.catalog(), services, failed)
    for (const { service, alarms } of circuits) {
      log.info('decided', { caretakerService: service.id, reasons: ['nobody keeps its circuit'] })
      const input = { service: service.arn, alarms }
      await startFor(sfn, settings.HEALTH_MACHINE, input, `sweep-${sweep}`)
    }
    const alarms = await repairAlarms(
      {
        ...sources,
        cloudwatch: client(CloudWatchClient),
        sqs: client(SQSClient),
        log,
        now,
      },
      { services, listed: new Set(arns), rolling: rollingIn(ids, stored) },
      failed,
    )
    for (const alarm of alarms) log.info('decided', { alarm, done: 'brought up to date' })
    // At the end, so that what these cannot read keeps nothing else from being looked at.
    const all = { ...sources, ...readersOf(client), failed, pause }
    const sleeping = await dueSleep(all, services, now)
    if (sleeping !== undefined) {
      log.info('decided', { sleep: sleeping })
      await startMachine(sfn, settings.SLEEP_MACHINE, { why: sleeping }, `sweep-${sweep}`)
    }
    await tellLostTags({ ...all, log }, services, now)
    // Nothing at all could be read: that is no quiet sweep.
    if (unread.length > 0 && readable === 0) throw unread[0]
    return {
      looked: services.length,
      unread: unread.length,
      started: [...due, ...circuits].map(nameOf),
    }
  },
})

/** What reads everything that can sleep. */
const readersOf = (client: Tools<unknown>['client']) => ({
  tagging: client(ResourceGroupsTaggingAPIClient),
  ec2: client(EC2Client),
  rds: client(RDSClient),
  groups: client(AutoScalingClient),
  scaling: client(ApplicationAutoScalingClient),
  balancing: client(ElasticLoadBalancingV2Client),
})

const rollingIn = (ids: readonly string[], stored: Awaited<ReturnType<typeof readStored>>) =>
  new Set(
    ids.filter((_, place) => {
      const known = stored[place]
      return !(known instanceof Error) && known?.state?.rolling !== undefined
    }),
  )

const nameOf = ({ service }: { service: { id: string } }): string => service.id
