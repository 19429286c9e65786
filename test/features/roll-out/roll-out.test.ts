import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { Recording } from '../../../local/invariants/recording.ts'
import { play } from '../../../local/scenario/play.ts'
import { readScenario } from '../../../local/scenario/read.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { report } from '../../../local/views/report.ts'
import { twoServices } from '../../kits/catalog.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

/** A roll-out may be under way, and may take its deadline. */
const HEALED_MILLISECONDS = 45 * 60_000

const scenarios = readdirSync('test/scenarios').filter((name) => name.endsWith('.yaml'))

describe('stories', () => {
  test.each(scenarios)('%s', async (name) => {
    const script = readScenario(`test/scenarios/${name}`)
    const recordings: Recording[] = []
    const { failures, simulation } = await play(script, { seed: script.seed ?? 1 }, (begun) =>
      recordings.push(new Recording(begun)),
    )
    expect(failures).toEqual([])
    for (const recording of recordings) expectInvariants(recording)
    // Repaired by the sweeps, told by Slack: from here on everything must have ended.
    simulation.faults.set({ lose: 0, duplicate: 0, delay: 0, reorder: 0 })
    await simulation.world.run(HEALED_MILLISECONDS)
    for (const recording of recordings) expectInvariants(recording, { settled: true })
  })
})

describe('two runs of one seed', () => {
  const told = async (seed: number) => {
    const stage = await Stage.open({ seed, faults: { lose: 0.3, duplicate: 0.3, delay: 0.3 } })
    stage.push(GOOD)
    await stage.minutes(20)
    stage.push(BAD)
    stage.push(GOOD, 'web')
    await stage.minutes(40)
    return { report: JSON.stringify(await report(stage.simulation)), logs: await stage.logs() }
  }

  it('are the same, byte for byte, down to the last line of log', async () => {
    const first = await told(7)
    const second = await told(7)
    expect(second.report).toBe(first.report)
    expect(second.logs).toEqual(first.logs)
    expect(first.logs.length).toBeGreaterThan(50)
    expect((await told(8)).report).not.toBe(first.report)
  })
})

describe('a roll-out', () => {
  it('takes at most 12 state transitions from push to verdict, and two writes to ECS', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(4)
    const execution = stage.simulation.sfn.executions.find(({ input }) =>
      JSON.stringify(input).includes('"push"'),
    )
    expect(execution?.status).toBe('SUCCEEDED')
    expect(execution?.transitions).toBeLessThanOrEqual(12)
    expect([stage.calls('RegisterTaskDefinition'), stage.calls('UpdateService')]).toEqual([1, 1])
  })

  it.each([
    ['and holds', GOOD],
    ['and whose task then fails', { behaviour: 'crashes', after: 100 }],
  ] as const)('that somebody deploys over while it bakes %s is theirs now', async (_, image) => {
    const stage = await Stage.open()
    const first = stage.push(GOOD)
    await stage.minutes(10)
    stage.push(image)
    await stage.minutes(1.5)
    const service = { cluster: 'dev-backend', service: 'orders', taskDefinition: 'dev-orders:2' }
    await stage.call('ecs', 'UpdateService', service)
    await stage.minutes(20)
    expect(stage.verdicts()).toEqual(['deployed', 'superseded'])
    expect(stage.simulation.records.verdicts.at(-1)?.reason).toBe(
      "somebody else's deployment took its place: the service runs dev-orders:2 now",
    )
    expect((await stage.service()).running?.digest).toBe(first)
  })

  test.each([
    ['a good image', GOOD, 'deployed', 1],
    ['a bad image', BAD, 'rolled-back', 0],
  ])('that is stopped by hand is finished by the sweep: %s', async (_, image, verdict, runs) => {
    const stage = await Stage.open()
    const first = stage.push(GOOD)
    await stage.minutes(10)
    const second = stage.push(image)
    await stage.simulation.world.run(20_000)
    const running = stage.simulation.sfn.executions.filter(({ status }) => status === 'RUNNING')
    for (const { arn } of running) await stage.call('sfn', 'StopExecution', { executionArn: arn })
    await stage.minutes(20)
    expect(stage.verdicts()).toEqual(['deployed', verdict])
    expect((await stage.service()).running?.digest).toBe([first, second][runs])
    // Nothing of the execution: whoever stopped it knows. A bad image's alarm has a message of its own.
    const own = stage.simulation.slack.messages.filter(({ text }) => text.startsWith('orders '))
    expect(own).toHaveLength(2)
    expect(own[1]?.text).toMatch(/orders (runs|was rolled back)/)
    expect(
      stage.simulation.slack.messages.filter(({ text }) => text.includes('dev-roll-out')),
    ).toEqual([])
  })

  it('that is taken over while the service sleeps does not wake it, also if it was the first', async () => {
    const stage = await Stage.open()
    const recording = new Recording(stage.simulation)
    stage.push(GOOD)
    await stage.simulation.world.run(20_000)
    const running = stage.simulation.sfn.executions.filter(({ status }) => status === 'RUNNING')
    for (const { arn } of running) await stage.call('sfn', 'StopExecution', { executionArn: arn })
    const sleep = { cluster: 'dev-backend', service: 'orders', desiredCount: 0 }
    await stage.call('ecs', 'UpdateService', sleep)
    await stage.minutes(20)
    expect((await stage.service()).awake).toBe(false)
    expect(stage.verdicts()).toEqual(['staged'])
    expectInvariants(recording, { settled: true })
  })

  it('of a tag that vanished meanwhile frees the service', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(10)
    stage.push(GOOD)
    await stage.simulation.world.run(20_000)
    const running = stage.simulation.sfn.executions.filter(({ status }) => status === 'RUNNING')
    for (const { arn } of running) await stage.call('sfn', 'StopExecution', { executionArn: arn })
    const gone = { repositoryName: 'orders', imageIds: [{ imageTag: 'main' }] }
    await stage.call('ecr', 'BatchDeleteImage', gone)
    await stage.minutes(10)
    expect(stage.verdicts()).toEqual(['deployed', 'failed'])
    const third = stage.push(GOOD)
    await stage.minutes(10)
    expect((await stage.service()).running?.digest).toBe(third)
  })

  it('cannot touch a service that has not opted in, whatever the machine is told', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(10)
    const { roleArn = '' } = await stage.call<{ roleArn?: string }>('sfn', 'DescribeStateMachine', {
      stateMachineArn: stage.simulation.aws.arn('states', 'stateMachine:dev-roll-out'),
    })
    const machine = { kind: 'machine', name: 'dev-roll-out', roleArn } as const
    const update = { cluster: 'dev-backend', service: 'orders', desiredCount: 1 }
    await stage.callAs(machine, 'ecs', 'UpdateService', update)
    const resourceArn = stage.simulation.aws.arn('ecs', 'service/dev-backend/orders')
    await stage.call('ecs', 'UntagResource', { resourceArn, tagKeys: ['caretaker:repository'] })
    await expect(stage.callAs(machine, 'ecs', 'UpdateService', update)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })
})

describe('Slack', () => {
  it('keeps editing the one message when the answer to its posting was lost', async () => {
    const stage = await Stage.open()
    const { slack } = stage.simulation
    slack.lostAnswers = 1
    stage.push(GOOD)
    await stage.minutes(20)
    expect(slack.messages.map(({ text }) => text)).toEqual([expect.stringContaining('orders runs')])
  })

  it('that loses one answer after another still has each message once', async () => {
    const stage = await Stage.open({ catalog: twoServices() })
    const { slack, world } = stage.simulation
    for (let push = 0; push < 4; push++) {
      stage.push(push % 2 === 0 ? GOOD : BAD)
      for (let minute = 0; minute < 10; minute++) {
        slack.lostAnswers = 1
        await world.run(60_000)
      }
    }
    slack.lostAnswers = 0
    await stage.minutes(30)
    // Of the good ones some may be lines in a summary: to Caretaker Slack was down most of the time.
    const all = slack.messages.map(({ text }) => text).join('\n')
    for (const { verdict, digest } of stage.simulation.records.verdicts) {
      const image = `main (${digest.slice(7, 19)})`
      const words =
        verdict === 'deployed' ? `orders runs ${image}` : `orders was rolled back: ${image}`
      expect(all.split(words), words).toHaveLength(2)
    }
  })

  it('being down for six hours changes nothing in AWS; then what failed has its message, the rest one summary', async () => {
    const day = async (down: boolean) => {
      const stage = await Stage.open({ catalog: twoServices() })
      const { slack, aws, records } = stage.simulation
      slack.down = down
      for (const image of [GOOD, BAD, GOOD]) {
        stage.push(image)
        stage.push(image, 'web')
        await stage.minutes(120)
      }
      slack.down = false
      await stage.minutes(120)
      const changes = aws.calls.filter(
        ({ by, service }) => by.startsWith('machine') && service === 'ecs',
      )
      // Both are pushed at once: which of two services is done first is a matter of milliseconds.
      const of = (name: string) =>
        changes
          .filter(({ resource }) => resource.endsWith(name))
          .map(({ operation, resource }) => `${operation} ${resource}`)
      return {
        changes: [...of('orders'), ...of('web')],
        verdicts: records.verdicts
          .toSorted(({ service: a = '' }, { service: b = '' }) => a.localeCompare(b))
          .map(({ service, verdict }) => `${service} ${verdict}`),
        messages: slack.messages
          .map(({ channel, text }) => `${channel} ${text.split('.')[0]}`)
          .toSorted(),
      }
    }
    const [{ messages: late, ...down }, { messages, ...up }] = [await day(true), await day(false)]
    expect(down).toEqual(up)
    const isFailed = (text: string) => text.includes('was rolled back')
    expect(messages).toHaveLength(6)
    expect(late.filter(isFailed)).toEqual(messages.filter(isFailed))
    expect(late.filter((text) => !isFailed(text))).toEqual([
      expect.stringContaining('#ordering Slack took no messages from'),
      expect.stringContaining('#storefront Slack took no messages from'),
    ])
  })
})

describe('a person who types a roll-back', () => {
  const typed = async (input: object) => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(5)
    const { executionArn } = await stage.call<{ executionArn: string }>('sfn', 'StartExecution', {
      stateMachineArn: stage.simulation.aws.arn('states', 'stateMachine:dev-roll-out'),
      input: JSON.stringify({ by: 'ann', ...input }),
    })
    await stage.minutes(6)
    const execution = stage.simulation.sfn.executions.find(({ arn }) => arn === executionArn)
    const red = stage.simulation.cloudwatch.alarms.filter(({ state }) => state.value === 'ALARM')
    return {
      status: execution?.status,
      output: execution?.output,
      red: red.map(({ name }) => name),
    }
  }

  const digest = `sha256:${'0'.repeat(64)}`
  it.each([
    ['a wrong name', { service: 'order', digest }, /names no service .*dev-backend\/orders/],
    [
      'half a digest',
      { service: 'orders', digest: 'sha256:857d0c' },
      /is no digest: write sha256:/,
    ],
  ])('%s is answered, and raises no alarm', async (_, input, answer) => {
    const { status, output, red } = await typed(input)
    expect(status).toBe('SUCCEEDED')
    expect(output).toMatch(answer)
    expect(red).toEqual([])
  })
})
