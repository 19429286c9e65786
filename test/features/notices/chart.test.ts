import { describe, expect, it } from 'vitest'
import { alarm, changed, countCalls, nowOf, put } from '../../kits/notices.ts'
import { Stage } from '../../kits/roll-outs.ts'

const METRIC = {
  ...{ namespace: 'shop/web', name: 'errors', dimensions: { service: 'web' } },
  ...{ statistic: 'Sum', period: 60 },
}
const red = (stage: Stage, name = 'dev-web-errors') =>
  alarm(name, { at: nowOf(stage), detail: { metric: METRIC } })

/** A stage whose metric has values for a quarter of an hour. */
async function measured(): Promise<Stage> {
  const stage = await Stage.open()
  for (let minute = 0; minute < 15; minute++) {
    await stage.call('cloudwatch', 'PutMetricData', {
      Namespace: METRIC.namespace,
      MetricData: [
        {
          MetricName: METRIC.name,
          Dimensions: [{ Name: 'service', Value: 'web' }],
          Value: minute,
        },
      ],
    })
    await stage.minutes(1)
  }
  return stage
}

const kinds = ({ simulation }: Stage) =>
  simulation.slack.messages.map(({ blocks }) => blocks.map(({ type }) => type))

describe('a chart', () => {
  it('comes by an edit after the words, and stays in later edits', async () => {
    const stage = await measured()
    await put(stage, red(stage))
    await stage.minutes(1)
    const [message] = stage.simulation.slack.messages
    expect(message?.posted.blocks.map(({ type }) => type)).not.toContain('data_visualization')
    expect(message?.blocks.map(({ type }) => type)).toContain('data_visualization')
    expect(JSON.stringify(message?.blocks)).toContain('"threshold"')
    await put(stage, changed(red(stage), { at: red(stage).at, reason: 'worse' }))
    await stage.minutes(1)
    expect(kinds(stage)[0]).toContain('data_visualization')
  })

  it('that the workspace refuses: the same message without it, at once, and the next does not try', async () => {
    const stage = await measured()
    const { slack } = stage.simulation
    slack.refusedBlocks.add('data_visualization')
    const first = red(stage)
    await put(stage, first)
    await stage.minutes(1)
    expect(kinds(stage)).toHaveLength(1)
    expect(kinds(stage)[0]).not.toContain('data_visualization')
    const counted = countCalls(stage)
    await put(stage, red(stage, 'dev-web-latency'))
    await stage.minutes(1)
    expect(kinds(stage)).toHaveLength(2)
    await put(stage, changed(first, { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(10)
    expect(slack.messages[0]?.text).toContain('is over')
    expect(counted.get('chat.postMessage')).toBe(1)
    expect(kinds(stage).flat()).not.toContain('data_visualization')
  })

  it('that the workspace refuses is a picture, where the app may upload one; it comes when Slack has finished with it', async () => {
    const stage = await measured()
    const { slack } = stage.simulation
    slack.refusedBlocks.add('data_visualization')
    await stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString: slack.app.install([...slack.app.scopes, 'files:write']),
    })
    await put(stage, red(stage))
    await stage.minutes(4)
    expect(kinds(stage)).toHaveLength(1)
    expect(kinds(stage)[0]).toContain('image')
    const image = slack.messages[0]?.blocks.find(({ type }) => type === 'image')
    expect(image).toMatchObject({ slack_file: { id: expect.stringMatching(/^F/) } })
  })

  it('that has no values is none: the record says why, and nobody is told again', async () => {
    const stage = await Stage.open()
    const record = red(stage)
    await put(stage, record)
    await stage.minutes(10)
    const { Item } = await stage.call<{ Item: { chart?: { S: string } } }>('dynamodb', 'GetItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: record.pk }, sk: { S: record.sk } },
    })
    expect(Item.chart?.S).toBe('no chart: the metric has no values')
    expect(stage.simulation.slack.messages).toHaveLength(1)
  })
})
