import { describe, expect, it } from 'vitest'
import { candidatesIn, suspected, suspectIn } from '../../../domain/alarms/suspect.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import { episodes, OURS, tell } from '../../kits/alarm-events.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const NAME = 'dev-orders-errors'
const ORDERS = { ...OURS, 'caretaker:service': 'orders', 'caretaker:owner': 'ordering' }
const stamp = (at: Date) => at.toISOString().replace('Z', '+0000')
const shifted = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000)

/** `dev-orders-errors` turns red now; its first breaching datapoint was so many minutes ago. */
function red(stage: Stage, minutesAgo = 1, name = NAME): void {
  const now = new Date(stage.simulation.world.now)
  const points = Array.from({ length: minutesAgo }, (_, index) => ({
    timestamp: stamp(shifted(now, -1 - index)),
    value: 34,
  }))
  tell(stage, {
    name,
    value: 'ALARM',
    at: now.toISOString(),
    previous: { value: 'OK', at: shifted(now, -600).toISOString() },
    reason: 'Threshold Crossed: 34.0 was greater than or equal to the threshold (10.0)',
    reasonData: {
      threshold: 10,
      recentDatapoints: points.map(({ value }) => value),
      evaluatedDatapoints: points,
    },
    tags: ORDERS,
  })
}

const well = (stage: Stage, name = NAME) =>
  tell(stage, {
    name,
    value: 'OK',
    at: new Date(stage.simulation.world.now).toISOString(),
    tags: ORDERS,
  })

/** Rolls a new image out, and lets the time pass. */
async function deploy(stage: Stage, minutes = 10): Promise<string> {
  const digest = stage.push(GOOD)
  await stage.minutes(minutes)
  return digest
}

/** A person asks for a digest. */
const ask = (stage: Stage, digest: string, more: object = {}) =>
  stage.call('sfn', 'StartExecution', {
    stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:dev-roll-out',
    input: JSON.stringify({ service: 'orders', digest, by: 'ann', reason: 'errors', ...more }),
  })

describe('an alarm after a deployment of its service', () => {
  it('is told in the deployment’s thread, with the image that ran well before it', async () => {
    const stage = await Stage.open()
    const first = await deploy(stage, 60)
    const second = await deploy(stage)
    red(stage)
    await stage.minutes(1)
    const [episode] = episodes(stage)
    expect(episode?.detail.suspect).toMatchObject({
      digest: second,
      tag: 'main',
      goBack: { digest: first, from: /^2026-03-02T09:0/, to: /^2026-03-02T10:00/ },
    })
    expect(episode?.thread).toEqual(episode?.detail.suspect?.record)
    expect(rollOutAlarms(stage, second)).toMatchObject([{ name: NAME, status: 'red' }])
    well(stage)
    await stage.minutes(1)
    expect(rollOutAlarms(stage, second)).toMatchObject([{ name: NAME, status: 'over' }])
  })

  it('that takes long to turn red goes by its first breaching datapoint', async () => {
    const stage = await Stage.open()
    await deploy(stage, 60)
    const second = await deploy(stage, 36)
    red(stage, 30)
    await stage.minutes(1)
    expect(episodes(stage)[0]?.detail).toMatchObject({
      suspect: { digest: second },
      breachingSince: /^2026-03-02T10:06/,
    })
  })

  it('whose breach began before it blames nobody', async () => {
    const stage = await Stage.open()
    await deploy(stage, 60)
    await deploy(stage, 10)
    red(stage, 15)
    await stage.minutes(1)
    const [episode] = episodes(stage)
    expect(episode?.detail.suspect).toBeUndefined()
    expect(episode?.thread).toBeUndefined()
  })

  it('more than 30 minutes later is no longer its', async () => {
    const stage = await Stage.open()
    await deploy(stage, 60)
    red(stage)
    await stage.minutes(1)
    expect(episodes(stage)[0]?.detail.suspect).toBeUndefined()
  })

  it('offers what ran well, never what was undone', async () => {
    const stage = await Stage.open()
    const a = await deploy(stage, 60)
    const b = await deploy(stage, 20)
    await ask(stage, a)
    await stage.minutes(15)
    const c = await deploy(stage)
    red(stage)
    await stage.minutes(1)
    const suspect = episodes(stage)[0]?.detail.suspect
    expect(suspect).toMatchObject({ digest: c, goBack: { digest: a, from: /^2026-03-02T09:0/ } })
    expect(suspect?.goBack?.digest).not.toBe(b)
  })

  it('offers nothing where it is undone already', async () => {
    const stage = await Stage.open()
    const a = await deploy(stage, 60)
    const b = await deploy(stage, 10)
    await ask(stage, a)
    await stage.minutes(1)
    red(stage, 4)
    await stage.minutes(1)
    const suspect = episodes(stage)[0]?.detail.suspect
    expect(suspect?.digest).toBe(b)
    expect(suspect?.goBack).toBeUndefined()
  })
})

describe('a deployment of a service whose alarm is red', () => {
  it('says so at its start, and is not blamed', async () => {
    const stage = await Stage.open()
    await deploy(stage, 20)
    red(stage)
    await stage.minutes(20)
    const second = await deploy(stage)
    const found = stage.simulation.records.all.find((one) => one.digest === second)
    expect(found?.verdict).toBe('deployed')
    expect(notesOf(stage, second)).toEqual([
      'dev-orders-errors is red since 10:20, before this deployment: it cannot judge it',
    ])
    expect(rollOutAlarms(stage, second)).toEqual([])
  })

  it('says nothing of another service’s alarm, or of one that is over', async () => {
    const stage = await Stage.open()
    await deploy(stage, 20)
    red(stage)
    tell(stage, { name: 'dev-web-errors', value: 'ALARM', at: '2026-03-02T09:20:00Z' })
    await stage.minutes(5)
    well(stage)
    await stage.minutes(5)
    expect(notesOf(stage, await deploy(stage))).toEqual([])
  })
})

type Item = {
  notes?: { text: string }[]
  alarms?: Record<string, object>
  detail?: { digest?: string }
}

function rollOut({ simulation }: Stage, digest: string): Item | undefined {
  const items = itemsOfKind(simulation, 'roll-out') as Item[]
  return items.findLast((one) => one.detail?.digest === digest)
}

const notesOf = (stage: Stage, digest: string) =>
  (rollOut(stage, digest)?.notes ?? []).map(({ text }) => text)
const rollOutAlarms = (stage: Stage, digest: string) =>
  Object.values(rollOut(stage, digest)?.alarms ?? {})

describe('the suspect', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString()
  const rolled = (digest: string, from: number, to: number | undefined, verdict = 'deployed') =>
    ({
      pk: 'service#dev/orders',
      sk: `roll-out#${digest}`,
      verdict,
      at: at(from),
      startedAt: at(from),
      ...(to === undefined ? {} : { endedAt: at(to) }),
      detail: { repository: 'orders', tag: 'main', digest },
    }) as unknown as RollOutRecord
  const RECORDS = [rolled('a', 0, 3), rolled('b', 60, 63)]
  const who = (since: number, period: number, red: number, records = RECORDS) =>
    suspectIn(records, { since: at(since), period, red: at(red) }, new Date(at(999)))?.detail.digest

  it.each([
    ['during it', 61, 60, 62, 'b'],
    ['30 minutes after its verdict', 93, 60, 95, 'b'],
    ['31 minutes after its verdict', 94, 60, 96, undefined],
    ['in a period that it began in', 58, 300, 63, 'b'],
    ['in a period before it', 54, 300, 61, undefined],
    ['and the alarm was red before it began', 58, 300, 59, undefined],
  ])('of a breach %s', (_, since, period, turned, expected) => {
    expect(who(since, period, turned)).toBe(expected)
  })

  it('is none that never started a task', () => {
    for (const verdict of ['waiting', 'refused', 'unchanged', 'staged', 'frozen']) {
      expect(who(61, 60, 62, [rolled('a', 60, 63, verdict)]), verdict).toBeUndefined()
    }
  })

  it('goes back past what was undone, to when the good image was deployed first', () => {
    const records = [
      rolled('a', 0, 3),
      rolled('b', 20, 23),
      rolled('a2', 30, 33, 'rolled-back'),
      rolled('a', 40, 43),
      rolled('c', 60, 63),
    ]
    const c = records[4] as RollOutRecord
    expect(candidatesIn(c, records).toSorted()).toEqual(['a', 'b', 'c'])
    expect(suspected(c, records, new Set(['b'])).goBack).toMatchObject({
      digest: 'a',
      from: at(3).replace('.000', ''),
    })
    expect(suspected(c, records, new Set(['b', 'c'])).goBack).toBeUndefined()
    expect(suspected(c, [c], new Set()).goBack).toBeUndefined()
  })
})
