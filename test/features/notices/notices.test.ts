import { expect, it } from 'vitest'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

const alarm = ({ simulation }: Stage, name: string) =>
  simulation.cloudwatch.alarms.find((one) => one.name === name)?.state.value

/** Puts an item into Caretaker's table by hand. */
const put = (stage: Stage, Item: object) =>
  stage.call('dynamodb', 'PutItem', { TableName: 'dev-caretaker', Item })

const headlines = ({ simulation }: Stage) =>
  simulation.slack.messages.map(({ channel, text }) =>
    `${channel} ${text.split(/[.:(]/)[0]}`.trim(),
  )

it.each(['constructor', '__proto__', 'nobody'])(
  'a team called %s is told in the default channel, and holds up no other',
  async (team) => {
    const stage = await Stage.open()
    const resourceArn = stage.simulation.aws.arn('ecs', 'service/dev-backend/orders')
    const tags = [{ key: 'caretaker:owner', value: team }]
    await stage.call('ecs', 'TagResource', { resourceArn, tags })
    stage.push(GOOD, 'orders')
    stage.push(GOOD, 'web')
    await stage.minutes(5)
    expect(headlines(stage).toSorted()).toEqual([
      expect.stringMatching(/^\S+ orders runs main$/),
      expect.stringMatching(/^\S+ web runs main$/),
    ])
    expect(alarm(stage, 'dev-tell-slack-errors')).not.toBe('ALARM')
  },
)

it('a record that cannot be read is named in the log, and the next is told', async () => {
  const stage = await Stage.open()
  await put(stage, {
    pk: { S: 'service#dev-backend/orders' },
    sk: { S: 'roll-out#2026-03-02T09:00:00Z#main#by-hand' },
    verdict: { S: 'splendid' },
  })
  stage.push(GOOD)
  await stage.minutes(5)
  expect(headlines(stage)).toEqual([expect.stringContaining('orders runs main')])
  const lines = (await stage.logs()).filter((line) => line.includes('cannot be read'))
  expect(lines.join()).toContain('roll-out#2026-03-02T09:00:00Z#main#by-hand')
})

it('without a bot token Slack is not connected: said in the log, and no alarm', async () => {
  const stage = await Stage.open()
  await stage.call('secrets-manager', 'PutSecretValue', {
    SecretId: 'dev/caretaker/slack',
    SecretString: 'a random value, as the stack makes it',
  })
  stage.push(GOOD)
  await stage.minutes(5)
  stage.push(BAD)
  await stage.minutes(10)
  expect(stage.simulation.slack.messages).toEqual([])
  const said = (await stage.logs()).filter((line) => line.includes('Slack is not connected'))
  expect(said.length).toBe(1)
  expect(alarm(stage, 'dev-tell-slack-errors')).not.toBe('ALARM')
  expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
})

it('a token that is put in later is used at the next change, also for what happened before', async () => {
  const stage = await Stage.open()
  const { slack } = stage.simulation
  const secret = (SecretString: string) =>
    stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString,
    })
  await secret('none yet')
  stage.push(GOOD)
  await stage.minutes(5)
  await secret(slack.token)
  stage.push(BAD)
  await stage.minutes(10)
  expect(headlines(stage).toSorted()).toEqual([
    expect.stringContaining('orders runs main'),
    expect.stringContaining('orders was rolled back'),
  ])
})
