import type { Caller } from '../../aws/aws.ts'
import type { Simulation } from '../../simulation/simulation.ts'
import { type JobCalls, Jobs } from './jobs.ts'

/** The jobs of a simulation. Whoever starts one is a person of it. */
export function jobsOf({ aws, environment }: Simulation, reader: Caller): Jobs {
  const asked =
    <Input extends object, Output>(service: string, operation: string) =>
    (input: Input) =>
      aws.call<Output>(service, operation, input as Record<string, unknown>, reader)
  const calls: JobCalls = {
    schedule: asked('scheduler', 'GetSchedule'),
    list: asked('ecs', 'ListTasks'),
    tasks: asked('ecs', 'DescribeTasks'),
    definition: asked('ecs', 'DescribeTaskDefinition'),
    streams: asked('cloudwatch-logs', 'DescribeLogStreams'),
    lines: asked('cloudwatch-logs', 'GetLogEvents'),
    run: (input, by) => aws.call('ecs', 'RunTask', { ...input }, { kind: 'person', name: by }),
  }
  return new Jobs(calls, { environment: environment.name, timeZone: environment.timeZone })
}
