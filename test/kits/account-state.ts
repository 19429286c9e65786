import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { Instance } from '@aws-sdk/client-ec2'
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds'
import { ecsTagsIn, tagsIn } from '../../domain/tags.ts'
import type { Stage } from './roll-outs.ts'

type Tags = Record<string, string>

/** What an account holds, as people see it. */
export class AccountState {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** Lets time pass until a local time of the environment, in Berlin's winter. */
  async until(instant: string): Promise<void> {
    const { world } = this.stage.simulation
    await world.run(Date.parse(`${instant}:00+01:00`) - world.now)
  }

  /** Of everything that can be adopted, by its name: its tags, and how much of it runs. */
  async snapshot(): Promise<Record<string, { tags: Tags; state: string }>> {
    const found: Record<string, { tags: Tags; state: string }> = {}
    for (const one of await this.#services()) {
      const { serviceName = '', clusterArn = '', tags = [], desiredCount } = one
      const key = clusterArn.endsWith('/prod') ? `prod/${serviceName}` : serviceName
      found[key] = { tags: sorted(ecsTagsIn(tags)), state: String(desiredCount) }
    }
    const { Reservations } = await this.stage.call<{ Reservations: { Instances: Instance[] }[] }>(
      'ec2',
      'DescribeInstances',
      {},
    )
    for (const one of Reservations.flatMap(({ Instances }) => Instances)) {
      const tags = sorted(tagsIn(one.Tags))
      if ('aws:autoscaling:groupName' in tags || one.State?.Name === 'terminated') continue
      found[tags.Name ?? one.InstanceId ?? ''] = { tags, state: one.State?.Name ?? '' }
    }
    const { DBInstances } = await this.stage.call<{ DBInstances: DBInstance[] }>(
      'rds',
      'DescribeDBInstances',
      {},
    )
    for (const { DBInstanceIdentifier = '', TagList, DBInstanceStatus = '' } of DBInstances) {
      found[DBInstanceIdentifier] = { tags: sorted(tagsIn(TagList)), state: DBInstanceStatus }
    }
    const { DBClusters } = await this.stage.call<{ DBClusters: DBCluster[] }>(
      'rds',
      'DescribeDBClusters',
      {},
    )
    for (const { DBClusterIdentifier = '', TagList, Status = '' } of DBClusters) {
      found[DBClusterIdentifier] = { tags: sorted(tagsIn(TagList)), state: Status }
    }
    const { AutoScalingGroups } = await this.stage.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
      'auto-scaling',
      'DescribeAutoScalingGroups',
      {},
    )
    for (const { AutoScalingGroupName = '', Tags, DesiredCapacity } of AutoScalingGroups) {
      found[AutoScalingGroupName] = { tags: sorted(tagsIn(Tags)), state: String(DesiredCapacity) }
    }
    return found
  }

  /** The ARNs of services of the cluster `apps`. */
  async arnsOf(names: readonly string[]): Promise<string[]> {
    const all = await this.#services()
    return names.map(
      (name) =>
        all.find(({ serviceArn = '' }) => serviceArn.endsWith(`/apps/${name}`))?.serviceArn ?? '',
    )
  }

  /** The images in the task definition that a service of `apps` runs. */
  async running(name: string): Promise<string[]> {
    const service = (await this.#services()).find(({ serviceName }) => serviceName === name)
    const { taskDefinition } = await this.stage.call<{ taskDefinition: TaskDefinition }>(
      'ecs',
      'DescribeTaskDefinition',
      { taskDefinition: service?.taskDefinition },
    )
    return (taskDefinition.containerDefinitions ?? []).map(({ image = '' }) => image)
  }

  /** Messages in Slack that say this. */
  messages(what: RegExp): { channel: string; text: string }[] {
    return this.stage.simulation.slack.messages
      .filter(({ text }) => what.test(text))
      .map(({ channel, text }) => ({ channel, text }))
  }

  async #services(): Promise<Service[]> {
    const found: Service[] = []
    const { clusterArns } = await this.stage.call<{ clusterArns: string[] }>(
      'ecs',
      'ListClusters',
      {},
    )
    for (const cluster of clusterArns) {
      const { serviceArns } = await this.stage.call<{ serviceArns: string[] }>(
        'ecs',
        'ListServices',
        {
          ...{ cluster, maxResults: 100 },
        },
      )
      for (let start = 0; start < serviceArns.length; start += 10) {
        const services = serviceArns.slice(start, start + 10)
        const asked = { cluster, services, include: ['TAGS'] }
        const answer = await this.stage.call<{ services: Service[] }>(
          'ecs',
          'DescribeServices',
          asked,
        )
        found.push(...answer.services)
      }
    }
    return found
  }
}

const sorted = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1)))
