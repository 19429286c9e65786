import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import type { Runs } from '../../../domain/ledger/rate.ts'
import { monthOf } from '../../../domain/tagging/cost.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { ecsTagsIn } from '../../../domain/tags.ts'
import { clustersIn, LISTED_AT_ONCE } from './clusters.ts'
import { everyPage, inChunks, NOTHING_TO_STOP, type Reader } from './reader.ts'

/** `DescribeTasks` takes a hundred at most. */
const DESCRIBED_AT_ONCE = 100
/** Half of ECS's rate for reads of tasks: twenty a second. */
const PAUSE_MS = 100

type Clients = { ecs: ECSClient; pause(milliseconds: number): Promise<void> }

/**
 * ECS tasks that run: one of a service belongs to that. ECS itself hands tags on where the service says
 * so (`propagateTags`), which those that the catalog makes do; this is for the others.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
 */
export function taskReader({ ecs, pause }: Clients): Reader {
  const described = (cluster: string, tasks: readonly string[]) =>
    inChunks(tasks, DESCRIBED_AT_ONCE, async (some) => {
      await pause(PAUSE_MS)
      const answer = await ecs.send(
        new DescribeTasksCommand({ cluster, tasks: some, include: ['TAGS'] }),
      )
      return (answer.tasks ?? []).flatMap((one) => taskOf(one, cluster))
    })
  return {
    type: 'ecs:task',
    async list() {
      const clusters = await clustersIn(ecs)
      const found: Resource[] = []
      for (const arn of clusters) {
        const cluster = arn.split('/').at(-1) ?? arn
        const tasks = await everyPage(async (nextToken) => {
          await pause(PAUSE_MS)
          const asked = new ListTasksCommand({ cluster, nextToken, maxResults: LISTED_AT_ONCE })
          const page = await ecs.send(asked)
          return { items: page.taskArns ?? [], next: page.nextToken }
        })
        found.push(...(await described(cluster, tasks)))
      }
      return found
    },
    async read(named) {
      const byCluster = Map.groupBy(
        named.map(({ arn }) => arn),
        (arn) => arn.split(':task/')[1]?.split('/')[0] ?? '',
      )
      const found: Resource[] = []
      for (const [cluster, arns] of byCluster) found.push(...(await described(cluster, arns)))
      return found
    },
  }
}

const SERVICE = 'service:'

/** A task of no service comes and goes: its tags are written, and nobody is told. */
function taskOf({ taskArn: arn = '', group = '', tags, ...task }: Task, cluster: string) {
  if (task.desiredStatus !== 'RUNNING') return []
  const name = arn.split('/').at(-1) ?? arn
  const own = group.startsWith(SERVICE)
    ? { parent: `service/${cluster}/${group.slice(SERVICE.length)}` }
    : { quiet: true }
  const one: Resource = {
    id: `task/${cluster}/${name}`,
    arn,
    type: 'ecs:task',
    name,
    tags: ecsTagsIn(tags),
    createdAt: task.createdAt,
    cluster,
    ...own,
    month: monthOf(runsOf(task), true),
    runs: true,
    cannotStop: NOTHING_TO_STOP,
  }
  return [one]
}

/** Fargate is paid by the task; tasks on instances by those. */
function runsOf({ launchType, capacityProviderName, cpu, memory, attributes = [] }: Task): Runs {
  if (launchType !== 'FARGATE') return { of: 'tasks-on-instances' }
  const arm = attributes.some(({ value }) => value === 'arm64')
  const spot = capacityProviderName === 'FARGATE_SPOT'
  return { of: 'tasks', cpu: Number(cpu), memory: Number(memory), arm, spot }
}
