import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery'
import { SFNClient } from '@aws-sdk/client-sfn'
import { CLOSED, comeBack, type Move, move } from '../../domain/health/circuit.ts'
import type { Circuit } from '../../domain/table/circuit.ts'
import { VERSION } from '../../domain/table/version.ts'
import { cut } from '../../domain/text.ts'
import { lambda } from '../shared/handler.ts'
import { describeManaged, type Managed } from '../shared/managed.ts'
import type { Table } from '../shared/table/table.ts'
import { environment, event, type Look } from './contract.ts'
import { type Face, faceOf, publish, setFound } from './face.ts'
import { NotKnown, type Sources, see, valuesOf } from './see.ts'
import { isKeptByAnother, isSame, moved, storedCircuit, writeCircuit } from './stored.ts'
import { tellAlarms } from './tell.ts'

/** An error's name. */
const WHAT_CHARACTERS = 100
/** What cannot be read for longer is told. */
const TOLD_AFTER_MILLISECONDS = 10 * 60_000
/** A step that reads nothing of Cloud Map needs no place in it. */
const UNREAD: Face = { id: '', name: '', namespace: '' }

/** What the machine goes on by; `ended`: there is nothing more for this execution to do. */
type Answer = { state: Circuit['state'] | 'ended'; reason: string }

/**
 * Looks at a service whose alarm is or was red, and moves its circuit: takes failing instances out
 * of what callers find, or gives them back. Nothing is done on a read that fails or proves nothing.
 *
 * @throws NotKnown, and the errors of the calls, so that the machine looks again.
 */
export const handler = lambda({
  name: 'move-circuit',
  environment,
  event,
  async run(look, tools): Promise<Answer> {
    const { client, log, now } = tools
    const sources: Sources = {
      ecs: client(ECSClient),
      discovery: client(ServiceDiscoveryClient),
      balancing: client(ElasticLoadBalancingV2Client),
      cloudWatch: client(CloudWatchClient),
    }
    const table: Table = { client: client(DynamoDBClient), name: tools.environment.TABLE_NAME }
    const { environment: own, features } = tools.catalog()
    const [managed] = await describeManaged(sources.ecs, [look.service], own)
    if (managed === undefined) return { state: 'ended', reason: 'Caretaker does not look after it' }
    const face = look.step === 'not-known' ? UNREAD : await faceOf(sources.discovery, managed)
    if (face === undefined) return { state: 'ended', reason: 'it is not in Cloud Map' }
    const stored = await storedCircuit(table, managed.id)
    const context = { table, sources, managed, face, stored, look, now }
    const done = (await isKeptByAnother(client(SFNClient), stored, look))
      ? await join(context)
      : await STEPS[look.step](context, features.health === 'act')
    log.info('circuit', { caretakerService: managed.id, ...done })
    return done
  },
})

type Context = {
  table: Table
  sources: Sources
  managed: Managed
  face: Face
  stored: Circuit | undefined
  look: Look
  now: Date
}

/** One look, and what follows from it. `acts`: else it only says what it would do. */
async function moveOn(context: Context, acts: boolean): Promise<Answer> {
  const { sources, managed, face, stored, look, now } = context
  const alarms = alarmsOf(context)
  const values = await valuesOf(sources, alarms)
  const seen = await see(sources, managed, face)
  const decided = move(seen, stored ?? CLOSED, values, now)
  if (!acts) return tellOnly(context, decided)
  const next = moved(stored, decided, { alarms, execution: look.execution, now })
  if (stored === undefined && next.state === 'closed') return next
  // A killed function is followed by a look that finds what was written last. So what is said and
  // given back comes before that, and would be repeated; what is taken out comes after, and is known.
  if (!isSame(stored, next)) {
    await publish(sources.discovery, face, next)
    await tell(context, next)
    for (const id of decided.restore) await setFound(sources.discovery, face, id, true)
    await write(context, next)
  }
  // Also what ECS has put back since, and what a function that was killed has left undone.
  for (const { id } of seen.instances.filter(
    (one) => one.found && decided.withdrawn.includes(one.id),
  ))
    await setFound(sources.discovery, face, id, false)
  return next
}

/** Feature `health: tell`: the alarm's thread says what would be done, and nothing is. */
async function tellOnly({ table, look, now }: Context, { state, reason }: Move): Promise<Answer> {
  const text = `The circuit would be ${state}: ${reason}. Nothing is done: features.health is tell.`
  const id = `circuit-would-be-${look.execution}`
  await tellAlarms(table, look.alarms, { id, at: now.toISOString(), text, notifies: false })
  return { state: 'ended', reason: text }
}

/** A change of state is said in the threads of its alarms. */
async function tell({ table, stored, now }: Context, next: Circuit): Promise<void> {
  if (stored?.state === next.state) return
  const alarms = next.state === 'closed' ? (stored?.alarms ?? []) : next.alarms
  const text = `Circuit ${next.state}: ${next.reason}.`
  const id = `circuit-${next.generation}`
  await tellAlarms(table, alarms, { id, at: now.toISOString(), text, notifies: false })
}

/** The look before has failed: the circuit stays, and says since when it is not known. */
async function notKnown(context: Context): Promise<Answer> {
  const { table, stored, look, now } = context
  const at = now.toISOString()
  const what = cut(look.error ?? 'no answer', WHAT_CHARACTERS)
  const since = stored?.notKnown?.since ?? at
  const lasts = now.getTime() - Date.parse(since)
  const alarms = alarmsOf(context)
  if (stored?.notKnown === undefined) {
    const kept = stored ?? { ...CLOSED, version: VERSION, generation: 0, reason: '', since: at }
    const { execution } = look
    const notKnown = { what, since }
    await write(context, {
      ...kept,
      withdrawn: [...kept.withdrawn],
      generation: kept.generation + 1,
      alarms,
      execution,
      notKnown,
    })
  }
  if (lasts >= TOLD_AFTER_MILLISECONDS) {
    const text = `The circuit is not known since ${since}: ${what}. Nothing is done until AWS answers.`
    await tellAlarms(table, alarms, { id: `circuit-not-known-${since}`, at, text, notifies: true })
  }
  return { state: stored?.state ?? 'closed', reason: what }
}

type Step = (context: Context, acts: boolean) => Promise<Answer>
const STEPS: Record<Look['step'], Step> = { look: moveOn, guard, 'not-known': notKnown }

/** Gives instances back when callers would find none. */
async function guard(context: Context): Promise<Answer> {
  const { sources, managed, face, stored, look, now } = context
  if (stored === undefined || stored.state === 'closed') return { state: 'ended', reason: '' }
  const back = comeBack(await see(sources, managed, face), stored)
  if (back.length === 0) return stored
  for (const id of back) await setFound(sources.discovery, face, id, true)
  const withdrawn = stored.withdrawn.filter((id) => !back.includes(id))
  const reason = 'callers would have found no instance, so one was given back'
  const { state, alarms } = stored
  const { execution } = look
  const next = moved(stored, { state, reason, withdrawn }, { alarms, execution, now })
  await write(context, next)
  await publish(sources.discovery, face, next)
  return next
}

/** Another execution keeps the circuit: it is told of this one's alarms. */
async function join(context: Context): Promise<Answer> {
  const { stored } = context
  const alarms = alarmsOf(context)
  if (stored !== undefined && alarms.length > stored.alarms.length) {
    await write(context, { ...stored, alarms, generation: stored.generation + 1 })
  }
  return { state: 'ended', reason: 'another execution keeps this circuit' }
}

const alarmsOf = ({ stored, look }: Context): string[] => [
  ...new Set([...(stored?.alarms ?? []), ...look.alarms]),
]

/** @throws NotKnown when somebody has moved the circuit since it was read. */
async function write({ table, managed, stored }: Context, next: Circuit): Promise<void> {
  if (await writeCircuit(table, managed.id, stored, next)) return
  throw new NotKnown(`the circuit of ${managed.id} was moved by another meanwhile`)
}
