import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { Jobs } from '../../local/console/job/jobs.ts'
import type { Configuration } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'

/** The jobs of a real account, with the caller's own rights (docs/access.md). */
export function jobsOf(configuration: Configuration, { environment, timeZone }: Place): Jobs {
  const ecs = new ECSClient(configuration)
  const scheduler = new SchedulerClient(configuration)
  const logs = new CloudWatchLogsClient(configuration)
  return new Jobs(
    {
      schedule: (input) => scheduler.send(new GetScheduleCommand(input)),
      list: (input) => ecs.send(new ListTasksCommand(input)),
      tasks: (input) => ecs.send(new DescribeTasksCommand(input)),
      definition: (input) => ecs.send(new DescribeTaskDefinitionCommand(input)),
      streams: (input) => logs.send(new DescribeLogStreamsCommand(input)),
      lines: (input) => logs.send(new GetLogEventsCommand(input)),
      run: (input) => ecs.send(new RunTaskCommand(input)),
    },
    { environment, timeZone },
  )
}
