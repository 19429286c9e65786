import type { DescribeTasksResponse, ListTasksResponse } from '@aws-sdk/client-ecs'
import { taskHour } from '../../domain/ledger/rate.ts'
import { PRICES } from '../../domain/prices.ts'
import type { Caller } from '../../local/aws/aws.ts'
import type { Execution } from '../../local/aws/stepfunctions/execution.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { costOf } from '../../local/views/cost.ts'
import { MINUTE, START } from './measure.ts'

/** What the control plane costs in a month in which nobody does anything. */
export type IdleRow = { what: string; count: number; usdPerMonth: number }

const WEEK_MINUTES = 7 * 24 * 60
/** Days of a month over those of the week that is counted. */
const MONTH = 730 / (7 * 24)
const BILLING: Caller = { kind: 'aws', name: 'billing' }
const GIGABYTE = 1_000_000_000

export type QuietWeek = {
  transitions: number
  cpuSeconds: number
  calls: number
  idle: IdleRow[]
  /** Of a month of tasks that run all the time, what was not spent for those that slept. */
  savedUsdPerMonth: number
}

/** Lets a week pass in which nobody pushes, and counts what is paid for by use. */
export async function quietWeek(simulation: Simulation): Promise<QuietWeek> {
  const { world, aws } = simulation
  const from = aws.calls.length
  const cost = await costOf(simulation)
  const invoked = simulation.invocations.length
  const logged = await loggedBytes(simulation)
  const executed = new Set(simulation.sfn.executions)
  const alwaysOn = await weekOfTasks(simulation)
  const metrics = countMetrics(aws)
  const busy = process.cpuUsage()
  await world.run(WEEK_MINUTES * MINUTE)
  const { user, system } = process.cpuUsage(busy)
  const calls = aws.calls.slice(from)
  const after = await costOf(simulation)
  const transitions = after.controlPlane.stateTransitions - cost.controlPlane.stateTransitions
  const spent = after.controlPlane.usd - cost.controlPlane.usd
  const usage: Usage = {
    transitions,
    invocations: simulation.invocations.length - invoked,
    functionsUsd: spent - transitions * PRICES.stateTransition,
    sweeps: simulation.invocations
      .slice(invoked)
      .filter(({ functionName }) => functionName.endsWith('-sweep')).length,
    looks: calls.filter(({ by, operation }) => operation === 'Query' && by.endsWith('-plan-sleep'))
      .length,
    writeUnits: calls.reduce((sum, { operation }) => sum + (WRITES[operation] ?? 0), 0),
    metricsRead: metrics(),
    costRequests: calls.filter(({ service }) => service === 'cost-explorer').length,
    alarmCalls: calls.filter(({ by, service }) => isSweep(by) && service === 'cloudwatch').length,
    logBytes:
      (await loggedBytes(simulation)) - logged + historyBytes(simulation.sfn.executions, executed),
  }
  return {
    transitions,
    cpuSeconds: (user + system) / 1_000_000,
    calls: calls.length,
    idle: rowsOf(simulation, usage),
    savedUsdPerMonth: MONTH * (alwaysOn - (after.services.usd - cost.services.usd)),
  }
}

/** Counts from now on of how many metrics GetMetricData is asked. */
function countMetrics({ guards }: Simulation['aws']): () => number {
  let count = 0
  guards.push(({ operation, input: { MetricDataQueries: queries } }) => {
    if (operation === 'GetMetricData') count += (queries as object[]).length
  })
  return () => count
}

/** What the tasks that run at this moment cost in a week. */
async function weekOfTasks({ aws, environment }: Simulation): Promise<number> {
  const input = { cluster: `${environment.name}-backend` }
  const { taskArns = [] } = await aws.call<ListTasksResponse>('ecs', 'ListTasks', input, BILLING)
  let hour = 0
  for (let start = 0; start < taskArns.length; start += 100) {
    const { tasks = [] } = await aws.call<DescribeTasksResponse>(
      'ecs',
      'DescribeTasks',
      { ...input, tasks: taskArns.slice(start, start + 100) },
      BILLING,
    )
    for (const { cpu, memory } of tasks) hour += taskHour(Number(cpu), Number(memory))
  }
  return hour * 7 * 24
}

/** What the items of Caretaker's table are written by: a transaction counts twice. */
const WRITES: Record<string, number> = {
  PutItem: 1,
  UpdateItem: 1,
  DeleteItem: 1,
  TransactWriteItems: 4,
}
/** What Step Functions writes of an event besides the event: its ARNs, names and times. */
const EVENT_BYTES = 300

/** The logs of the machines that ran: all events, with what goes in and out. */
const historyBytes = (executions: readonly Execution[], before: ReadonlySet<Execution>): number =>
  executions
    .filter((one) => !before.has(one))
    .flatMap(({ history }) => history.events)
    .reduce((sum, event) => sum + JSON.stringify(event).length + EVENT_BYTES + LINE_BYTES, 0)

type Usage = {
  transitions: number
  invocations: number
  functionsUsd: number
  sweeps: number
  /** Of what sleeps. */
  looks: number
  writeUnits: number
  metricsRead: number
  alarmCalls: number
  costRequests: number
  logBytes: number
}

function rowsOf({ deployed, catalog }: Simulation, usage: Usage): IdleRow[] {
  const resources = deployed.stacks
    .filter(({ name }) => name.endsWith('ControlPlane'))
    .flatMap((stack) => stack.resources)
  const count = (type: string) => resources.filter((one) => one.type === type).length
  const month = (week: number) => week * MONTH
  // A sweep reads the environment's item and one of each service, each within four kilobytes.
  // Each, and each look at what sleeps, also reads all that is kept of that: half a kilobyte each.
  const { length: services } = catalog.services
  const sleepers = Math.ceil(services / 8)
  const readUnits = usage.sweeps * (1 + services + sleepers) + usage.looks * (services + sleepers)
  const row = (what: string, number: number, usd: number): IdleRow => ({
    what,
    count: Math.round(number),
    usdPerMonth: Math.round(usd * 10_000) / 10_000,
  })
  const alarms = count('AWS::CloudWatch::Alarm')
  const secrets = count('AWS::SecretsManager::Secret')
  return [
    row('function invocations', month(usage.invocations), month(usage.functionsUsd)),
    row(
      'state transitions',
      month(usage.transitions),
      month(usage.transitions) * PRICES.stateTransition,
    ),
    row('table read units', month(readUnits), month(readUnits) * PRICES.tableReadUnit),
    row(
      'table write units',
      month(usage.writeUnits),
      month(usage.writeUnits) * PRICES.tableWriteUnit,
    ),
    row(
      'bytes of log',
      month(usage.logBytes),
      (month(usage.logBytes) / GIGABYTE) * PRICES.logGigabyte,
    ),
    row(
      'calls of CloudWatch',
      month(usage.alarmCalls),
      month(usage.alarmCalls) * PRICES.metricCall,
    ),
    row(
      'requests of Cost Explorer',
      month(usage.costRequests),
      month(usage.costRequests) * PRICES.costExplorerRequest,
    ),
    row('metrics read', month(usage.metricsRead), month(usage.metricsRead) * PRICES.metricRead),
    row('alarms', alarms, alarms * PRICES.alarmMonth),
    row('secrets', secrets, secrets * PRICES.secretMonth),
    row('schedule firings', month(usage.sweeps), month(usage.sweeps) * PRICES.scheduleFiring),
  ]
}

const isSweep = (by: string): boolean => by.startsWith('function/') && by.endsWith('-sweep')

/** CloudWatch Logs counts a line's bytes and 26 more. */
const LINE_BYTES = 26

async function loggedBytes({ aws }: Simulation): Promise<number> {
  type Groups = { logGroups?: { logGroupName?: string }[] }
  type Events = { events?: { message?: string }[]; nextToken?: string }
  const { logGroups = [] } = await aws.call<Groups>(
    'cloudwatch-logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: '/aws/lambda/', limit: 50 },
    BILLING,
  )
  let bytes = 0
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined
    do {
      const page = await aws.call<Events>(
        'cloudwatch-logs',
        'FilterLogEvents',
        { logGroupName, startTime: START.getTime(), ...(nextToken && { nextToken }) },
        BILLING,
      )
      for (const { message = '' } of page.events ?? []) {
        bytes += Buffer.byteLength(message) + LINE_BYTES
      }
      nextToken = page.nextToken
    } while (nextToken !== undefined)
  }
  return bytes
}
