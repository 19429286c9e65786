import { DescribeTasksCommand, type ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs'

/** `DescribeTasks` takes a hundred. */
const AT_ONCE = 100

/**
 * Why data stores must stay up: a task runs that belongs to no service, such as a migration or a
 * job, and nothing says which store it uses. A list that cannot be read counts as work.
 *
 * @param clusters by name.
 */
export async function workIn(
  ecs: ECSClient,
  clusters: readonly string[],
): Promise<string | undefined> {
  for (const cluster of clusters) {
    const found = await taskOfNoService(ecs, cluster)
    if (found !== undefined) return found
  }
  return undefined
}

async function taskOfNoService(ecs: ECSClient, cluster: string): Promise<string | undefined> {
  let nextToken: string | undefined
  try {
    do {
      const page = await ecs.send(
        new ListTasksCommand({ cluster, maxResults: AT_ONCE, ...(nextToken && { nextToken }) }),
      )
      const { taskArns: tasks = [] } = page
      nextToken = page.nextToken
      if (tasks.length === 0) continue
      const { tasks: described = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }))
      const other = described.find(({ group = '', lastStatus }) => {
        return lastStatus !== 'STOPPED' && !group.startsWith('service:')
      })
      if (other !== undefined) return `the task ${other.group ?? other.taskArn} is at work`
    } while (nextToken !== undefined)
    return undefined
  } catch (error) {
    if ((error as Error).name === 'ClusterNotFoundException') return undefined
    return `the tasks of ${cluster} cannot be listed (${(error as Error).name})`
  }
}
