import { beforeAll, expect, test } from 'vitest'
import { AwsError } from '../../../local/aws/errors.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

const SERVICES = ['orders', 'web', 'payments']
const SLEEPER = 'payments'

/** What goes wrong, each from 0 (never) to 1 (always); ends when `over` is called. */
function troubled({ simulation }: Stage) {
  const { world, aws, dynamodb, lambda } = simulation
  const counted = { refused: 0, partial: 0, killed: 0 }
  let isOver = false
  const strikes = (what: keyof typeof counted, rate: number) => {
    if (isOver || world.random.next(`trouble/${what}`) >= rate) return false
    counted[what]++
    return true
  }
  const { operations } = dynamodb
  const whole = operations.BatchGetItem
  operations.BatchGetItem = (input: never, caller) =>
    strikes('partial', 0.05)
      ? { Responses: {}, UnprocessedKeys: (input as { RequestItems: object }).RequestItems }
      : whole?.(input, caller)
  aws.guards.push(({ caller: { kind }, operation }) => {
    const ours = kind === 'function' || kind === 'machine'
    if (!ours || operation === 'Invoke' || !strikes('refused', 0.06)) return
    throw new AwsError('ThrottlingException', 'Rate exceeded')
  })
  lambda.killer = () => strikes('killed', 0.01)
  return {
    counted,
    over: () => {
      isOver = true
    },
  }
}

test.each([1, 2, 3, 4])(
  'AWS refuses, answers in part, and functions die; then all is well: seed %i',
  async (seed) => {
    const stage = await Stage.open({ seed })
    const { world, faults, slack } = stage.simulation
    const trouble = troubled(stage)
    const recording = new Recording(stage.simulation)
    const chance = (what: string) => world.random.next(`story/${what}`)
    stage.push(GOOD, SLEEPER)
    await stage.minutes(8)
    faults.set({ lose: 0.4, duplicate: 0.4, delay: 0.4, reorder: 0.4 })
    for (let count = 0; count < 10; count++) {
      const service = SERVICES[Math.floor(chance('service') * SERVICES.length)] ?? 'orders'
      stage.push(service !== SLEEPER && chance('bad') < 0.35 ? BAD : GOOD, service)
      if (chance('slack') < 0.4) slack.lostAnswers = 1
      await world.run(Math.round(chance('gap') ** 3 * 10 * 60_000))
      const desiredCount = Math.floor(chance('scale') * 2)
      const scaled = { cluster: 'dev-backend', service: SLEEPER, desiredCount }
      if (count % 3 === 0) await stage.call('ecs', 'UpdateService', scaled)
    }
    expectInvariants(recording)
    trouble.over()
    slack.lostAnswers = 0
    faults.set({ lose: 0, duplicate: 0, delay: 0, reorder: 0 })
    // What Caretaker could not do is tried again an hour later.
    await stage.minutes(150)
    expectInvariants(recording, { settled: true })
    for (const times of Object.values(trouble.counted)) expect(times).toBeGreaterThan(0)
  },
)
