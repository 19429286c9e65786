import { describe, expect, test } from 'vitest'
import { intentKey } from '../../../domain/table/keys.ts'
import { Acts } from '../../kits/acts.ts'
import { GOOD } from '../../kits/roll-outs.ts'

/** `web` runs `second`, `first` ran well before it; a message offers to go back. */
async function offered(more: { minutes?: number } = {}) {
  const acts = await Acts.open()
  const first = acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const second = acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const record = await acts.lastRecord('web')
  const { pk, sk } = record
  const { id, label } = await acts.offer(
    { verb: 'roll-back', input: { service: 'web', digest: first }, expected: second },
    { record: { pk, sk }, ...more },
  )
  /** How often the roll-out machine was started since, and for what. */
  const started = () =>
    acts.stage.simulation.aws.calls.filter(
      ({ operation, by }) => operation === 'StartExecution' && by.includes('answer'),
    ).length
  return { acts, first, second, record: { pk, sk }, id, label, started }
}

const short = (digest: string) => digest.slice(7, 19)

describe('a press on Roll back', () => {
  test('goes back; its receipt says how it is undone, and the record who has pressed', async () => {
    const { acts, first, second, record, label, started } = await offered()
    const outcome = await acts.presses('ann', label)
    expect(outcome.error).toBeUndefined()
    expect(acts.told('ann').join('\n')).toContain(
      `Started: web goes back to main (${short(first)})`,
    )
    const [receipt] = await acts.receipts()
    expect(receipt).toMatchObject({
      verb: 'roll-back',
      by: 'ann@example.com',
      undo: `retry web ${short(second)}`,
    })
    expect(await acts.item(record)).toMatchObject({
      acted: { verb: 'roll-back', by: 'ann@example.com', receipt: receipt?.id },
    })
    await acts.stage.minutes(10)
    expect((await acts.stage.service('web')).running?.digest).toBe(first)
    expect(started()).toBe(1)
  })

  test('the record says who has pressed before the work begins', async () => {
    const { acts, label } = await offered()
    await acts.presses('ann', label)
    const own = acts.stage.simulation.aws.calls.filter(({ by }) => by.includes('answer-slack'))
    const writes = own
      .map(({ operation }) => operation)
      .filter((operation) => ['UpdateItem', 'StartExecution', 'PutItem'].includes(operation))
    expect(writes).toEqual(['UpdateItem', 'UpdateItem', 'StartExecution', 'PutItem'])
  })

  test('by somebody of another team: told why, alone, and nothing is done', async () => {
    const { acts, record, id, label, started } = await offered()
    const posted = acts.slack.messages.length
    const outcome = await acts.presses('bob', label)
    expect(outcome.error).toBeUndefined()
    expect(acts.told('bob')).toEqual([
      expect.stringContaining('Only members of storefront, and operators, may press this'),
    ])
    expect(acts.slack.messages).toHaveLength(posted)
    expect(started()).toBe(0)
    expect(await acts.receipts()).toEqual([])
    expect(await acts.item(record)).not.toHaveProperty('acted')
    expect(await acts.item(intentKey(id))).not.toHaveProperty('used')
    // It is still good for who may.
    await acts.presses('olga', label)
    expect(started()).toBe(1)
  })

  test('a second time: told since when it is under way, by whom, under which receipt', async () => {
    const { acts, label, started } = await offered()
    await acts.presses('ann', label)
    await acts.presses('ada', label)
    const [receipt, ...more] = await acts.receipts()
    expect(more).toEqual([])
    expect(acts.told('ada').join('\n')).toMatch(
      new RegExp(
        `under way since Mon 2 Mar 10:2\\d Europe/Berlin by ann@example.com, receipt ${receipt?.id}`,
      ),
    )
    expect(acts.told('ann')).toHaveLength(1)
    expect(started()).toBe(1)
  })

  test('by two people at once, on two cold functions: one act, one receipt', async () => {
    const { acts, label, started } = await offered()
    const { does } = acts.slack
    await acts.together(does.press(label, { by: 'ann' }), does.press(label, { by: 'ada' }))
    const invoked = acts.stage.simulation.invocations.filter(({ functionName }) =>
      functionName.includes('answer-slack'),
    )
    expect(invoked).toHaveLength(2)
    expect(invoked.every(({ init }) => init !== undefined)).toBe(true)
    const receipts = await acts.receipts()
    expect(receipts).toHaveLength(1)
    expect(started()).toBe(1)
    const said = [...acts.told('ann'), ...acts.told('ada')]
    expect(said.filter((text) => text.includes('Started: web goes back'))).toHaveLength(1)
    expect(said.filter((text) => text.includes(`receipt ${receipts[0]?.id}`))).toHaveLength(1)
    expect(said).toHaveLength(2)
  })

  test('after the state has changed: says what runs now, and does nothing', async () => {
    const { acts, first, label, started } = await offered()
    const third = acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(10)
    await acts.presses('ann', label)
    const [said = ''] = acts.told('ann')
    expect(said).toContain('things have changed since this button was offered')
    expect(said).toContain(`web runs main (${short(third)}) since Mon 2 Mar 10:2`)
    expect(said).toContain(`\`/caretaker rollback web ${first}\``)
    expect(started()).toBe(0)
    expect(await acts.receipts()).toEqual([])
  })

  test('after it has expired: what runs now, today’s command; the message loses its buttons', async () => {
    const { acts, second, label, started } = await offered({ minutes: 30 })
    await acts.stage.minutes(60)
    const outcome = await acts.presses('ann', label)
    expect(outcome.error).toBeUndefined()
    const [said = ''] = acts.told('ann')
    expect(said).toContain('this button was good until Mon 2 Mar 10:5')
    expect(said).toContain(`web runs main (${short(second)}) since Mon 2 Mar`)
    expect(said).toContain('Today it is done by `/caretaker rollback web')
    expect(started()).toBe(0)
    await expect(acts.presses('ann', label)).rejects.toThrow(/There is no button/)
  })

  test('of an intent that is gone: never silent', async () => {
    const { acts, id, label } = await offered()
    await acts.stage.call('dynamodb', 'DeleteItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: intentKey(id).pk }, sk: { S: intentKey(id).sk } },
    })
    await acts.presses('ann', label)
    expect(acts.told('ann')[0]).toContain('too old for me to know what it was for')
  })

  test('once more by Lambda, after it was cut off: the same receipt, one act', async () => {
    const { acts, label, started } = await offered()
    // The answer is lost on its way to Slack: the function fails, and is invoked again.
    acts.slack.lostAnswers = 1
    await acts.presses('ann', label)
    await acts.stage.minutes(5)
    expect(await acts.receipts()).toHaveLength(1)
    expect(started()).toBe(1)
    const told = acts.told('ann')
    expect(told.length).toBeGreaterThan(1)
    for (const text of told) expect(text).toContain('Started: web goes back')
  })
})

describe('presses on an alarm', () => {
  const subject = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:dev-web-errors'
  const episode = (at: string, verdict = 'red') => ({
    ...{ pk: `alarm#${subject}`, sk: `alarm#${at}`, version: 2, kind: 'alarm', subject },
    ...{ owner: 'storefront', at, verdict },
    detail: {
      ...{ arn: subject, name: 'dev-web-errors', type: 'metric', severity: 'look', redSince: at },
      ...{ service: 'web', serviceId: 'dev-frontend/web' },
    },
  })
  const stateOf = (at: string) => ({
    ...{ pk: 'alarms', sk: subject, version: 2, arn: subject, name: 'dev-web-errors' },
    ...{ value: 'ALARM', at, episode: { pk: `alarm#${subject}`, sk: `alarm#${at}` } },
  })
  const AT = '2026-03-02T09:00:00.000Z'
  const record = { pk: `alarm#${subject}`, sk: `alarm#${AT}` }

  async function red(): Promise<Acts> {
    const acts = await Acts.open()
    await acts.put(episode(AT))
    await acts.put(stateOf(AT))
    return acts
  }

  test('Acknowledge: for this episode, and no other', async () => {
    const acts = await red()
    const input = { alarm: subject }
    const { label } = await acts.offer({ verb: 'acknowledge', input, expected: 'red' }, { record })
    await acts.presses('ann', label)
    expect(acts.told('ann')[0]).toContain(
      'dev-web-errors is acknowledged, for as long as it is red',
    )
    expect(await acts.item(record)).toMatchObject({
      acted: { verb: 'acknowledge' },
      detail: { acknowledged: { by: 'ann@example.com' } },
    })
    expect(await acts.types('ann', 'acknowledge dev-web-errors')).toContain(
      'ann@example.com acknowledged dev-web-errors at Mon 2 Mar 10:0',
    )
    // Red again the day after: another record, without a trace of it.
    const next = '2026-03-03T09:00:00.000Z'
    await acts.put({ ...episode(AT, 'over'), endedAt: '2026-03-02T10:00:00.000Z' })
    await acts.put(episode(next))
    await acts.put(stateOf(next))
    expect(await acts.types('bob', 'why web')).toMatch(
      /• Alarms: dev-web-errors red since Tue 3 Mar 10:00 Europe\/Berlin\n/,
    )
    expect(await acts.types('ann', 'ack Dev-Web-Errors')).toContain('Done: dev-web-errors is ack')
  })

  test('Mute 1 h: until then, and status shows it all the time', async () => {
    const acts = await red()
    const input = { alarm: subject, minutes: 60 }
    const { label } = await acts.offer({ verb: 'mute', input, expected: 'red' }, { record })
    await acts.presses('ann', label)
    expect(acts.told('ann')[0]).toMatch(
      /nothing is said about dev-web-errors until Mon 2 Mar 11:00 Europe\/Berlin, 1 h from now/,
    )
    const { detail } = (await acts.item(record)) as {
      detail: { muted: { at: string; until: string } }
    }
    expect(Date.parse(detail.muted.until) - Date.parse(detail.muted.at)).toBeLessThan(3_610_000)
    expect(await acts.types('bob', 'status')).toContain(
      'Red: dev-web-errors since Mon 2 Mar 10:00 Europe/Berlin (muted by ann@example.com).',
    )
    expect(await acts.types('ann', 'mute dev-web-errors 30 min')).toContain(
      'ann@example.com muted dev-web-errors until',
    )
  })

  test('when it is over already: nothing, in words', async () => {
    const acts = await red()
    const { label } = await acts.offer(
      { verb: 'acknowledge', input: { alarm: subject }, expected: 'red' },
      { record },
    )
    await acts.put({ ...episode(AT, 'over'), endedAt: '2026-03-02T09:00:30.000Z' })
    await acts.presses('ann', label)
    expect(acts.told('ann')[0]).toContain(
      'Nothing was done: dev-web-errors is over since Mon 2 Mar',
    )
    expect(await acts.types('ann', 'mute dev-web-errors')).toContain(
      'No alarm "dev-web-errors" is red',
    )
    expect(await acts.receipts()).toEqual([])
  })
})
