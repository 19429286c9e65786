import { expect, it } from 'vitest'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

it('nothing waits any more once what waited for its scan is refused', async () => {
  const stage = await Stage.open({ catalog: 'test/scenarios/own-pace' })
  const { records, aws } = stage.simulation
  /** How often half an hour of sweeps asks for records. */
  const asked = async () => {
    const before = aws.calls.length
    await stage.minutes(30)
    return aws.calls
      .slice(before)
      .filter(({ by, operation }) => by === 'function/dev-sweep' && operation === 'Query').length
  }
  stage.push(GOOD, 'strict')
  await stage.minutes(20)
  const quiet = await asked()
  stage.push({ findings: { CRITICAL: 1 } }, 'strict')
  await stage.minutes(1)
  const service = 'dev-backend/strict'
  expect(records.state(service)?.waiting).toBeTruthy()
  await stage.minutes(15)
  expect(stage.verdicts('strict')).toEqual(['deployed', 'refused'])
  expect(records.state(service)?.waiting).toBeUndefined()
  // What waits is asked for once more at each sweep; nothing more is asked for now than before.
  expect(await asked()).toBe(quiet)
})

it('a push that nothing could be decided about has its verdict, and the next one is its own', async () => {
  const stage = await Stage.open()
  const { records, sfn } = stage.simulation
  const TableName = 'dev-caretaker'
  const key = { pk: { S: 'service#dev-backend/orders' }, sk: { S: 'state' } }
  const Item = { ...key, rolling: { S: 'by hand' } }
  await stage.call('dynamodb', 'PutItem', { TableName, Item })
  const first = stage.push(GOOD)
  await stage.minutes(2)
  const [record] = records.verdicts
  expect(record).toMatchObject({ service: 'orders', digest: first, verdict: 'failed' })
  expect(record?.reason).toMatch(/could not decide.*UnreadableItem.*dev-backend\/orders/)
  // The execution has failed all the same: whoever looks after Caretaker hears of it too.
  const { status, error } =
    sfn.executions.find(({ machine }) => machine.name === 'dev-roll-out') ?? {}
  expect([status, error]).toEqual(['FAILED', 'UnreadableItem'])

  await stage.call('dynamodb', 'DeleteItem', { TableName, Key: key })
  const second = stage.push(GOOD)
  await stage.minutes(10)
  expect(records.verdicts.map(({ digest, verdict }) => [digest, verdict])).toEqual([
    [first, 'failed'],
    [second, 'deployed'],
  ])
  const messages = stage.simulation.messagesAbout('orders')
  expect(messages.map(({ text }) => text.split('.')[0])).toEqual([
    expect.stringContaining('could not finish'),
    expect.stringMatching(/^orders runs/),
  ])
})
