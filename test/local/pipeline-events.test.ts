import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { play } from '../../local/scenario/play.ts'
import { readScenario } from '../../local/scenario/read.ts'
import { Bus, QUEUE } from '../kits/bus.ts'
import { Pipeline } from '../kits/pipeline.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/** A rule that takes a pipeline's ends, and what it is given. */
async function ends(run: (pipeline: Pipeline) => Promise<void>) {
  const bus = await Bus.open([])
  const state = ['FAILED', 'STOPPED', 'SUCCEEDED', 'SUPERSEDED', 'CANCELED']
  await bus.call('eventbridge', 'PutRule', {
    Name: 'pipelines',
    EventPattern: JSON.stringify({
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Pipeline Execution State Change'],
      detail: { state },
    }),
  })
  const Targets = [{ Id: 'queue', Arn: QUEUE }]
  await bus.call('eventbridge', 'PutTargets', { Rule: 'pipelines', Targets })
  await run(new Pipeline(bus.aws, 'dev-orders', 'execution-1'))
  const given = await bus.messages()
  const shown = bus.events
    .filter(({ source }) => source === 'aws.codepipeline')
    .map(({ detailType, detail }) => {
      const [, kind] = /CodePipeline (\w+)/.exec(detailType) ?? []
      return [kind, detail.stage, detail.state].filter(Boolean).join(' ')
    })
  return { bus, shown, given: given.map(({ body }) => body.detail as Record<string, unknown>) }
}

const failure = { summary: '3 of 20 tests failed', code: 'JobFailed' }

describe('a pipeline tells the bus', () => {
  test.each<[string, (pipeline: Pipeline) => Promise<void>, string[]]>([
    ['that it succeeded', (pipeline) => pipeline.succeeds(), ['SUCCEEDED']],
    ['that it failed', (pipeline) => pipeline.fails(failure), ['FAILED']],
    ['that it was overtaken', (pipeline) => pipeline.superseded(), ['SUPERSEDED']],
    ['that it was stopped', (pipeline) => pipeline.stopped('wrong branch'), ['STOPPED']],
    ['that it was cancelled', (pipeline) => pipeline.canceled(), ['CANCELED']],
    [
      'that it passed when it was tried again',
      async (pipeline) => {
        await pipeline.fails(failure)
        await pipeline.retried()
      },
      ['FAILED', 'SUCCEEDED'],
    ],
  ])('%s', async (_, run, states) => {
    const { given } = await ends(run)
    expect(given.map(({ state }) => state)).toEqual(states)
    expect(given[0]).toMatchObject({ pipeline: 'dev-orders', 'execution-id': 'execution-1' })
  })

  it('of its stages and actions in order, with the result of what failed', async () => {
    const { bus, shown } = await ends((pipeline) => pipeline.fails(failure))
    expect(shown).toEqual([
      'Pipeline STARTED',
      'Stage Source STARTED',
      'Action Source STARTED',
      'Action Source SUCCEEDED',
      'Stage Source SUCCEEDED',
      'Stage Build STARTED',
      'Action Build STARTED',
      'Action Build FAILED',
      'Stage Build FAILED',
      'Pipeline FAILED',
    ])
    const failed = bus.events.find(({ detail }) => 'execution-result' in detail)
    expect(failed?.detail).toMatchObject({
      action: 'Build',
      type: { owner: 'AWS', provider: 'CodeBuild', category: 'Build' },
      'execution-result': {
        'external-execution-summary': '3 of 20 tests failed',
        'error-code': 'JobFailed',
      },
    })
  })

  it('why it was stopped, and how often it was tried', async () => {
    const { given } = await ends((pipeline) => pipeline.stopped('wrong branch'))
    expect(given[0]?.['stop-execution-comments']).toBe('wrong branch')
    const { bus } = await ends((pipeline) => pipeline.retried())
    expect(bus.events.at(-1)?.detail).toMatchObject({ 'pipeline-execution-attempt': 1 })
    const stage = bus.events.find(({ detailType }) => detailType.includes('Stage'))
    expect(stage?.detail).toHaveProperty('stage-last-retry-attempt-time')
  })
})

it('a scenario puts a pipeline’s event on the bus', async () => {
  const file = join(temporaryDirectory(), 'pipeline.yaml')
  writeFileSync(
    file,
    `name: a pipeline fails
steps:
  - at: +1m
    event:
      source: aws.codepipeline
      detail-type: CodePipeline Pipeline Execution State Change
      resources: ['arn:aws:codepipeline:eu-central-1:123456789012:dev-orders']
      detail: { pipeline: dev-orders, execution-id: one, state: FAILED, version: 1 }
`,
  )
  const { simulation, failures } = await play(readScenario(file), { seed: 1 })
  expect(failures).toEqual([])
  expect(simulation.eventbridge.journal.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      time: '2026-03-02T09:01:00Z',
    }),
  )
})
