import { describe, expect, it } from 'vitest'
import type { MessagePlace } from '../../../domain/table/message.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import { Memory } from '../../../functions/tell-slack/memory.ts'
import { alarm } from '../../kits/notices.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const place: MessagePlace = { version: 2, channel: 'C1', claimedAt: '', ts: '1.1', said: 'one' }
const rollOut = (reason: string) => ({ kind: 'roll-out', reason }) as RollOutRecord
const [first, second, third] = ['one', 'two', 'three'].map(rollOut) as [
  RollOutRecord,
  RollOutRecord,
  RollOutRecord,
]

/** A memory that was told the first state of a roll-out. */
function told(): Memory {
  const memory = new Memory()
  memory.of('it', { record: first, before: undefined, isNew: true }, false).keep(place)
  return memory
}

describe('what an environment of tell-slack told last', () => {
  it('is known while the stream says that the record was that', () => {
    const change = { record: second, before: first, isNew: false }
    expect(told().of('it', change, true).message).toEqual({ place })
  })

  it('is read once another environment has told a change in between', () => {
    const change = { record: third, before: second, isNew: false }
    expect(told().of('it', change, true).message).toBeUndefined()
  })

  it('is read after a change that was not told to its end', () => {
    const memory = told()
    memory.of('it', { record: second, before: first, isNew: false }, true)
    const again = { record: second, before: first, isNew: false }
    expect(memory.of('it', again, true).message).toBeUndefined()
  })

  it('is read of an alarm, whose chart comes by the queue', () => {
    const memory = new Memory()
    const red = alarm()
    memory.of('it', { record: red, before: undefined, isNew: true }, false).keep(place)
    const over = { record: alarm('dev-web-errors', { verdict: 'over' }), before: red, isNew: false }
    expect(memory.of('it', over, false).message).toBeUndefined()
  })

  it('is read of a roll-out with notes, of which each is told once', () => {
    const memory = new Memory()
    const noted = { ...first, notes: [{ id: 'a', at: '', text: 'said', notifies: false }] }
    memory.of('it', { record: noted, before: undefined, isNew: true }, false).keep(place)
    expect(memory.of('it', { record: second, before: noted, isNew: false }, true).message).toBe(
      undefined,
    )
  })

  it('is nothing for a new record, whose claim says so if it is not; with buttons it is read', () => {
    const change = { record: first, before: undefined, isNew: true }
    expect(new Memory().of('it', change, false).message).toEqual({ place: undefined })
    expect(new Memory().of('it', change, true).message).toBeUndefined()
  })
})

it('a new record that the stream offers twice, to another environment, has one message', async () => {
  const stage = await Stage.open()
  const { slack, lambda } = stage.simulation
  let kills = 1
  lambda.killer = (call) =>
    call.function === 'dev-tell-slack' &&
    call.when === 'after' &&
    call.operation === 'UpdateItem' &&
    kills-- > 0
  stage.push(GOOD)
  await stage.minutes(10)
  expect(kills).toBeLessThan(1)
  const own = slack.messages.filter(({ text }) => text.startsWith('orders '))
  expect(own.map(({ text }) => text)).toEqual([expect.stringContaining('orders runs main')])
})
