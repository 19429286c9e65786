import type { RollOutRecord } from '../../../domain/table/record.ts'
import { violatedIn } from '../../../local/invariants/all.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import type { Trace } from '../../../local/invariants/trace.ts'
import { permissionSetArn, setUpIdentityCenter } from '../../../local/simulation/identity-center.ts'
import type { Simulation } from '../../../local/simulation/simulation.ts'
import { Acts } from '../acts.ts'
import { until } from '../naps.ts'
import { GOOD } from '../roll-outs.ts'
import { deployWithCdk } from './cdk.ts'
import { Stormy } from './stormy.ts'

const SERVICES = ['payments', 'orders']
const DATABASE = { DBInstanceIdentifier: 'dev-payments-database' }
const HAPPENINGS_COUNT = 7
/** The moments at which things meet: before and after both edges. */
const MOMENTS = ['10:39', '10:40:05', '10:40:30', '10:42', '10:50', '11:19', '11:20:20', '11:26']
/** What was asked for ends within an hour and a half, and a deployment within half an hour. */
const END = '13:50'

type Happening = (storm: Stormy, acts: Acts) => Promise<unknown>
const PEOPLE = ['bob@example.com', 'olga@example.com']

/** What people ask of the entrance for AWS's credentials. */
const WORDS = [
  'keep orders until 11:10',
  'keep payments for 30 min',
  'keep orders until 11:40',
  'keep dev for 20 min',
  'wake orders',
  'wake payments for 20 min',
  'sleep orders for 35 min',
  'sleep payments for 45 min',
  'sleep orders for 31 min --despite-keep',
  'unkeep orders',
  'unkeep payments',
]

/** As Identity Center lets somebody in. */
const signedIn = ({ aws, sts, environment }: Simulation, by: string) =>
  sts.sessions.open(permissionSetArn(aws.account, environment.name, 'developer'), by, 3_600)

const ask: Happening = async (storm, acts) => {
  const by = storm.pick('who', PEOPLE)
  const text = storm.pick('words', WORDS)
  storm.note(`${by} asks: ${text}`)
  const answer = await acts.calls(signedIn(storm.stage.simulation, by), { text })
  storm.note(`${by} is told ${answer.status} ${answer.text.slice(0, 160)}`)
}

/** Both at the same moment. */
const askTogether: Happening = (storm, acts) => Promise.all([ask(storm, acts), ask(storm, acts)])

const push: Happening = async (storm) => {
  const service = storm.pick('service', SERVICES)
  const isGood = storm.chance('good') < 0.7
  storm.stage.push(isGood ? GOOD : { behaviour: 'crashes', exitCode: 137 }, service)
  storm.note(`push of a ${isGood ? 'good' : 'bad'} image to ${service}`)
}

/** A person by hand. */
const scale: Happening = (storm) => {
  const service = storm.pick('service', SERVICES)
  const desiredCount = storm.pick('count', [0, 1, 2, 4])
  return storm.attempt(`a person sets ${service} to ${desiredCount} tasks`, () =>
    storm.ecs('UpdateService', { ...storm.named(service), desiredCount }),
  )
}

const database: Happening = (storm) => {
  const operation = storm.pick('operation', ['StartDBInstance', 'StopDBInstance'])
  return storm.attempt(`a person calls ${operation}`, () =>
    storm.stage.call('rds', operation, DATABASE),
  )
}

const bound: Happening = (storm) => {
  const MinCapacity = storm.pick('min', [1, 2, 3])
  return storm.attempt(`a person bounds orders from ${MinCapacity} to 6`, () =>
    storm.stage.call('application-auto-scaling', 'RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ...{ ResourceId: 'service/dev-backend/orders', MinCapacity, MaxCapacity: 6 },
    }),
  )
}

const deploy: Happening = (storm) => deployWithCdk(storm, storm.pick('service', SERVICES))

const HAPPENINGS: readonly Happening[] = [
  ...[ask, ask, ask, askTogether, askTogether, push, push, push],
  ...[scale, scale, database, bound, deploy],
]

/**
 * An environment takes a nap while people ask, push, deploy and do things by hand; events and
 * firings are lost and functions die. Then calm, until everything has ended.
 *
 * @returns what does not hold, and what happened.
 */
export async function napStorm(seed: number, catalog: string) {
  const storm = await Stormy.open(seed, new Date('2026-03-02T09:22:00Z'), catalog)
  const { stage, history } = storm
  const { faults, lambda, world } = stage.simulation
  const recording = new Recording(stage.simulation)
  const acts = new Acts(stage)
  await setUpIdentityCenter(stage.simulation.aws, stage.simulation.environment.name)
  for (const service of SERVICES) stage.push(GOOD, service)
  await until(stage, '10:37')
  const rate = () => (storm.chance('rates') < 0.4 ? 0 : storm.chance('rates') ** 2)
  faults.set({ lose: rate(), duplicate: rate(), delay: rate(), unfired: rate() })
  storm.note(`faults ${JSON.stringify(faults.rates)}`)
  const deadly = storm.pick('deadly', [0, 0, 0.002, 0.01])
  lambda.killer = () => storm.chance('kill') < deadly
  for (const moment of picked(storm)) {
    await until(stage, moment)
    await storm.pick('happening', HAPPENINGS)(storm, acts)
    await world.run(Math.round(storm.chance('gap') ** 3 * 2 * 60_000))
  }
  await until(stage, '11:30')
  faults.set({ lose: 0, duplicate: 0, delay: 0, unfired: 0 })
  lambda.killer = () => false
  storm.note('calm')
  await until(stage, END)
  const trace = recording.trace({ settled: true })
  return {
    violations: [...violatedIn(trace), ...unended(trace)],
    history: [...history, ...trace.items.records.map(told)],
  }
}

const picked = (storm: Stormy): string[] =>
  Array.from({ length: HAPPENINGS_COUNT }, () => storm.pick('moment', MOMENTS)).toSorted()

/** Everything has ended: nothing is under way, and what is awake may be scaled again. */
function unended(trace: Trace): string[] {
  const last = new Map(trace.sleepers.map(({ id, sleeper }) => [id, sleeper]))
  // Somebody has stopped what a service needs: its wake waits for that.
  const isNeeded = (id: string) => id.startsWith('database/') || id.endsWith('/payments')
  const waits = [...last].some(([id, { hand }]) => isNeeded(id) && hand?.to === 'asleep')
  return [...last].flatMap(([id, { moving, rest, last: size, hand, captured }]) => [
    ...(moving === undefined ? [] : [`${id} is still on its way to ${moving.to}: ${moving.error}`]),
    ...(rest === 'awake' && hand === undefined && size?.bounds?.suspended === true
      ? [`${id} is awake and may not be scaled`]
      : []),
    ...(rest === 'awake' && hand === undefined && captured !== undefined && !waits
      ? [`${id} is awake and its size is still kept`]
      : []),
  ])
}

const told = ({ subject, detail, at, endedAt, verdict, reason }: RollOutRecord): string =>
  `${subject} ${detail.digest.slice(7, 15)} of ${at}: ${verdict} at ${endedAt}: ${reason}`
