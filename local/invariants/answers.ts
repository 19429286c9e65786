import type { Aws, Caller, Operations } from '../aws/aws.ts'

/** What an answer lacks of what was asked for. */
export type Lack = { partial: boolean; empty: boolean }

type Members = Readonly<Record<string, unknown>>

/** The reads that can answer in part, or with nothing, without saying that they failed. */
const LACKS: readonly [
  service: string,
  operation: string,
  lack: (asked: Members, answer: Members) => Lack,
][] = [
  [
    'dynamodb',
    'BatchGetItem',
    (_, { UnprocessedKeys = {} }) => ({
      partial: Object.keys(UnprocessedKeys as object).length > 0,
      empty: false,
    }),
  ],
  [
    'cloudwatch',
    'GetMetricData',
    (_, { MetricDataResults = [] }) => ({
      partial: (MetricDataResults as Members[]).some(({ StatusCode }) => StatusCode !== 'Complete'),
      empty: false,
    }),
  ],
  ['servicediscovery', 'DiscoverInstances', (_, { Instances }) => listLacks(Instances)],
  ['ecs', 'ListTasks', (_, { taskArns, nextToken }) => listLacks(taskArns, nextToken)],
  [
    'ecs',
    'DescribeTasks',
    ({ tasks: asked }, { tasks }) => ({
      partial: lengthOf(tasks) < lengthOf(asked),
      empty: lengthOf(tasks) === 0,
    }),
  ],
]

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)

/** A page of a list is a part of it: whoever reads on gets the rest. */
const listLacks = (list: unknown, next?: unknown): Lack => ({
  partial: next !== undefined,
  empty: lengthOf(list) === 0,
})

/**
 * Tells what the answers of such reads lack, as they are given to functions, machines and people.
 * Answers are as they were without it.
 */
export function watchAnswers(aws: Aws, told: (operation: string, lack: Lack) => void): void {
  for (const [id, name, lack] of LACKS) {
    const operations = aws.services.find((service) => service.id === id)?.operations as
      | Operations
      | undefined
    const answer = operations?.[name]
    if (operations === undefined || answer === undefined) continue
    operations[name] = (input: never, caller: Caller) => {
      const found = answer(input, caller)
      if (caller.kind !== 'aws') told(name, lack(input, found as Members))
      return found
    }
  }
}
