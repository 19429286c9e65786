import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { expect, it } from 'vitest'
import { alarm, changed, nowOf, put } from '../../kits/notices.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

type Button = { text: { text: string }; value: string }

/** The buttons of the newest message. */
function buttons({ simulation }: Stage): Button[] {
  const blocks = simulation.slack.messages.at(-1)?.blocks ?? []
  return blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []))
}

const labels = (stage: Stage) => buttons(stage).map(({ text }) => text.text)

async function intent(stage: Stage, id: string): Promise<Record<string, unknown>> {
  const { Item } = await stage.call<{ Item: Parameters<typeof unmarshall>[0] }>(
    'dynamodb',
    'GetItem',
    { TableName: 'dev-caretaker', Key: { pk: { S: `intent#${id}` }, sk: { S: 'intent' } } },
  )
  return unmarshall(Item)
}

const update = (stage: Stage, key: object, expression: string, values: object) =>
  stage.call('dynamodb', 'UpdateItem', {
    ...{ TableName: 'dev-caretaker', Key: key, UpdateExpression: expression },
    ExpressionAttributeValues: values,
  })

it('a button stands for an intent, whose id an edit of the message keeps', async () => {
  const stage = await Stage.open()
  const red = alarm()
  await put(stage, red)
  await stage.minutes(1)
  const first = buttons(stage)
  expect(labels(stage)).toEqual(['Acknowledge', 'Mute 1 h'])
  expect(await intent(stage, first[0]?.value ?? '')).toMatchObject({
    ...{ verb: 'acknowledge', input: { alarm: red.subject }, expected: 'red', team: 'storefront' },
    record: { pk: red.pk, sk: red.sk },
    until: expect.stringMatching(/^2026-03-09T09:0/),
  })
  await put(stage, changed(red, { reason: 'worse' }))
  await stage.minutes(1)
  expect(buttons(stage)).toEqual(first)
  await put(stage, changed(red, { verdict: 'over', endedAt: nowOf(stage) }))
  await stage.minutes(1)
  expect(buttons(stage)).toEqual([])
})

it('a button that was pressed gives way to who pressed it', async () => {
  const stage = await Stage.open()
  const red = alarm()
  await put(stage, red)
  await stage.minutes(1)
  const id = buttons(stage)[0]?.value ?? ''
  const by = { S: 'T0CARETAKER/U0ANN' }
  const used = { M: { by, at: { S: nowOf(stage) }, receipt: { S: 'r1' } } }
  await update(stage, { pk: { S: `intent#${id}` }, sk: { S: 'intent' } }, 'SET used = :used', {
    ':used': used,
  })
  await update(stage, { pk: { S: red.pk }, sk: { S: red.sk } }, 'SET acted = :acted', {
    ':acted': { M: { verb: { S: 'acknowledge' }, ...used.M } },
  })
  await stage.minutes(1)
  expect(labels(stage)).toEqual(['Mute 1 h'])
  expect(stage.simulation.slack.messages.at(-1)?.text).toMatch(
    /Acknowledge: asked for by <@U0ANN> at 2 Mar 10:01, receipt r1/,
  )
})

it('a button that has expired is gone with the next change of its message', async () => {
  const stage = await Stage.open()
  const red = alarm()
  await put(stage, red)
  await stage.minutes(1)
  const id = buttons(stage)[0]?.value ?? ''
  const past = { ...(await intent(stage, id)), until: '2026-03-02T09:00:30Z' }
  await stage.call('dynamodb', 'PutItem', { TableName: 'dev-caretaker', Item: marshall(past) })
  await put(stage, changed(red, { reason: 'worse' }))
  await stage.minutes(1)
  expect(labels(stage)).toEqual(['Mute 1 h'])
})

it('a deployment offers to go back and to pin; one that did not hold offers a retry', async () => {
  const stage = await Stage.open()
  const good = stage.push(GOOD)
  await stage.minutes(6)
  expect(labels(stage)).toEqual(['Pin'])
  stage.push(GOOD)
  await stage.minutes(6)
  const [back, pin] = buttons(stage)
  expect(labels(stage)).toEqual([`Roll back to ${good.slice(7, 19)}`, 'Pin'])
  expect(await intent(stage, back?.value ?? '')).toMatchObject({
    verb: 'roll-back',
    input: { service: 'orders', digest: good },
  })
  expect(pin?.value).toMatch(/^[\w-]{20,}$/)
  const bad = stage.push(BAD)
  await stage.minutes(12)
  const [retry] = buttons(stage)
  expect(await intent(stage, retry?.value ?? '')).toMatchObject({
    verb: 'retry',
    input: { service: 'orders', digest: bad },
  })
})
