import { AwsError } from '../aws/errors.ts'
import { operationSchema, recase } from '../aws/schema.ts'
import { violatedIn } from '../invariants/all.ts'
import { Recording } from '../invariants/recording.ts'
import { askAs, NotAnswered } from '../simulation/ask.ts'
import { Simulation } from '../simulation/simulation.ts'
import { servicesOf } from '../views/services.ts'
import { callerOf, SCENARIO } from './callers.ts'
import { create, tagsOfMade } from './create.ts'
import { defined } from './defined.ts'
import { disturb } from './disturb.ts'
import { type Told, unmet } from './expect.ts'
import { clusterOf, joinService, stopTasks } from './joined.ts'
import type { Script } from './read.ts'
import { definitionOf } from './revision.ts'
import type { Expectation, Step } from './schema.ts'
import { doInSlack } from './slack.ts'
import { anomaly, spend } from './spend.ts'
import { useTool } from './tool.ts'
import { until } from './until.ts'
import { digestOf } from './which.ts'

/** Something a scenario expected that is not so. `where` is file and line. */
export type Unmet = { where: string; problem: string }

export type Played = { simulation: Simulation; failures: Unmet[] }

type Steps = {
  script: Script
  simulation: Simulation
  pushed: string[]
  named: Map<string, string>
  /** Written where the file expects that what must always hold does. */
  recording: Recording | undefined
}

/**
 * Plays a scenario from its start to its last step.
 *
 * @param begun called when the environment is deployed, before the first step.
 */
export async function play(
  script: Script,
  { seed }: { seed: number },
  begun: (simulation: Simulation) => void = () => {},
): Promise<Played> {
  const { catalog, start, faults = {} } = script
  const simulation = await Simulation.open({ catalog, seed, start })
  begun(simulation)
  simulation.faults.set(defined(faults))
  const isHeld = script.steps.some(({ expect }) => expect?.holds !== undefined)
  const recording = isHeld ? new Recording(simulation) : undefined
  const steps: Steps = { script, simulation, pushed: [], named: new Map(), recording }
  const failures: Unmet[] = []
  let before: Step | undefined
  let last = 0
  for (const { step, line, at } of inOrder(script, simulation.environment.timeZone)) {
    await simulation.world.runUntil(Math.max(at, simulation.world.now))
    if (isSamePush(step, before) && at === last) await simulation.world.run(PUSH_MILLISECONDS)
    before = step
    last = at
    const problems = await taken(step, steps)
    const where = `${script.file}:${line}`
    failures.push(...problems.map((problem) => ({ where, problem })))
  }
  return { simulation, failures }
}

/** By their time; steps of the same moment in the order of the file. */
function inOrder({ steps, lines, start }: Script, timeZone: string) {
  return steps
    .map((step, index) => ({
      ...{ step, line: lines[index] ?? 1 },
      at: step.at(start.getTime(), timeZone),
    }))
    .toSorted((a, b) => a.at - b.at)
}

/** In a lenient file only what it expects counts. */
async function taken(step: Step, steps: Steps): Promise<string[]> {
  const problems = await take(step, steps)
  return steps.script.lenient && step.expect === undefined ? [] : problems
}

/** @returns what was different from what the step says. */
async function take(step: Step, steps: Steps): Promise<string[]> {
  const { simulation } = steps
  const { push, goBack, request, slack, call, event, expect, ask, tool } = step
  if (step.spend !== undefined) return spend(step.spend, simulation)
  if (step.anomaly !== undefined) return anomaly(step.anomaly, simulation)
  const made = step.create
  if (made !== undefined) return attempt('create', () => create(made, simulation))
  const disturbed = await attempt('interrupt', () => disturb(step, simulation))
  if (disturbed.length > 0) return disturbed
  const { join, stopTask } = step
  if (join !== undefined) {
    return attempt('join', async () => steps.pushed.push(await joinService(join, simulation)))
  }
  if (stopTask !== undefined) return stopTasks(stopTask, simulation)
  if (push !== undefined) return attempt('push', async () => pushImage(push, steps))
  if (goBack !== undefined) return attempt('goBack', () => rollBack(goBack, steps))
  if (slack !== undefined) return doInSlack(slack, simulation)
  if (tool !== undefined) return attempt('tool', () => useTool(tool, simulation, steps))
  if (ask !== undefined) return asked(ask, simulation)
  if (call !== undefined) return attempt('call', () => makeCall(call, simulation))
  if (event !== undefined) {
    const { source, 'detail-type': detailType, resources = [], detail, time } = event
    const when = time === undefined ? {} : { time }
    simulation.aws.emit({ source, detailType, resources, detail, delivery: 'durable', ...when })
  }
  await simulation.world.settle()
  if (request !== undefined) return answered(request, simulation)
  return expect === undefined ? [] : heldWithin(expect, steps)
}

/** How often something that need not be so yet is looked at. */
const LOOK_MILLISECONDS = 15_000

/** Lets the world run until it is as expected, or until the time for that is over. */
async function heldWithin(expected: Expectation, steps: Steps): Promise<string[]> {
  const { world } = steps.simulation
  const until = world.now + (expected.within ?? 0)
  let problems = await held(expected, steps)
  while (problems.length > 0 && world.now < until) {
    await world.runUntil(Math.min(until, world.now + LOOK_MILLISECONDS))
    problems = await held(expected, steps)
  }
  return problems
}

/** Two pushes to one repository at one moment are two requests, one after the other. */
const PUSH_MILLISECONDS = 400

const isSamePush = (step: Step, before: Step | undefined): boolean =>
  step.push !== undefined && step.push.repository === before?.push?.repository

/** A call that AWS refuses is a failed step; the scenario goes on. */
async function attempt(what: string, run: () => Promise<unknown>): Promise<string[]> {
  try {
    await run()
    return []
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return [`${what}: ${error.name}: ${error.message}`]
  }
}

function pushImage(
  { repository, tag, tags = [], image, retag, as, replicated }: NonNullable<Step['push']>,
  steps: Steps,
): void {
  const { simulation, pushed, named } = steps
  const names = tag === undefined ? tags : [tag, ...tags]
  const known = retag === undefined ? undefined : digestOf(retag, steps)
  const { digest } = simulation.ecr.push({
    repository,
    tags: names,
    ...(replicated === undefined ? {} : { from: replicated }),
    ...(known === undefined ? { image: defined(image ?? {}) } : { digest: known }),
  })
  if (known === undefined) pushed.push(digest)
  if (as !== undefined) named.set(as, digest)
}

/** Starts the roll-out machine with the digest a person names. */
async function rollBack(
  { to, ...asked }: NonNullable<Step['goBack']>,
  steps: Steps,
): Promise<void> {
  const { aws, environment } = steps.simulation
  await aws.call(
    'sfn',
    'StartExecution',
    {
      stateMachineArn: aws.arn('states', `stateMachine:${environment.name}-roll-out`),
      input: JSON.stringify({ ...asked, digest: digestOf(to, steps) }),
    },
    SCENARIO,
  )
}

async function makeCall(
  { service, operation, input = {}, by }: NonNullable<Step['call']>,
  simulation: Simulation,
): Promise<void> {
  const { aws } = simulation
  const shapes = operationSchema(service, operation)
  const members = shapes === undefined ? input : (recase(input, shapes.input, 'sdk') as object)
  await aws.call(service, operation, members, await callerOf(by, simulation))
}

async function asked(
  { text, by }: NonNullable<Step['ask']>,
  simulation: Simulation,
): Promise<string[]> {
  try {
    await until(simulation.world, askAs(simulation, by, text))
    return []
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error
    return [`ask: ${error.message}`]
  }
}

async function answered(
  { url, status, by }: NonNullable<Step['request']>,
  { traffic, world }: Simulation,
): Promise<string[]> {
  // A function behind the load balancer takes its time.
  const answer = await until(world, traffic.request(url))
  const service = answer.by?.service
  if (answer.status === status && (by === undefined || by === service)) return []
  const expected = by === undefined ? status : `${status} by ${by}`
  return [`${url}: expected ${expected}, found ${answer.status}: ${answer.why}`]
}

async function held(expected: Expectation, steps: Steps): Promise<string[]> {
  const { simulation, pushed, named } = steps
  const { records, aws, slack } = simulation
  const now = {
    services: await servicesOf(simulation),
    verdicts: records.verdicts,
    calls: aws.calls,
    messagesAbout: (service: string) => simulation.messagesAbout(service).length,
    messages: [...slack.messages, ...alone(slack)],
    tagsOf: (name: string) => tagsOfMade(simulation, name),
    revision: await revisionFor(expected, simulation),
    ...{ pushed, named },
  }
  return [...violated(expected, steps), ...unmet(expected, now)]
}

/** The task definition of a service, where an expectation is about it. */
async function revisionFor(
  { service = '', revision }: Expectation,
  simulation: Simulation,
): Promise<object> {
  if (revision === undefined) return {}
  const call = <Output>(operation: string, input: object) =>
    simulation.aws.call<Output>('ecs', operation, input, SCENARIO)
  return definitionOf(call, { cluster: await clusterOf(simulation, service), service })
}

function violated({ holds, quietFor }: Expectation, { simulation, recording }: Steps): string[] {
  if (holds === undefined || recording === undefined) return []
  const quiet = quietFor === undefined ? {} : { quietSince: simulation.world.now - quietFor }
  return violatedIn(recording.trace({ settled: holds === 'settled', ...quiet }))
}

/** What Slack shows to one person alone. */
const alone = ({ people }: Simulation['slack']): Told[] =>
  people.users.flatMap(({ id, name, email }) =>
    people
      .shownTo(id)
      .map(({ channel, text }) => ({ channel, text, notifiedAt: [], to: [id, name, email] })),
  )
