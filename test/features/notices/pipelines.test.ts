import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type PipelineKnown,
  type PipelineSeen,
  pipelineAfter,
} from '../../../domain/pipelines/decide.ts'
import { readItem } from '../../../domain/table/read.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { messagesOf } from '../../kits/notices.ts'
import { Stage } from '../../kits/roll-outs.ts'

const EXECUTION = '12345678-1234-5678-abcd-12345678abcd'
const NEWER = '87654321-1234-5678-abcd-12345678abcd'

type Told = {
  execution?: string
  pipeline?: string
  attempt?: number
  start?: string
  detail?: object
}

/** CodePipeline says that an execution is in this state. */
function tell(stage: Stage, state: string, told: Told = {}): void {
  const { execution = EXECUTION, pipeline = 'dev-web', attempt = 1, start, detail = {} } = told
  stage.simulation.aws.emit({
    source: 'aws.codepipeline',
    detailType: 'CodePipeline Pipeline Execution State Change',
    resources: [`arn:aws:codepipeline:eu-central-1:123456789012:${pipeline}`],
    detail: {
      pipeline,
      'execution-id': execution,
      state,
      version: 3,
      'start-time': start ?? '2026-03-02T09:00:00.000Z',
      'pipeline-execution-attempt': attempt,
      ...detail,
    },
    delivery: 'durable',
  })
}

function tellFailedAction(stage: Stage, result: object | null): void {
  stage.simulation.aws.emit({
    source: 'aws.codepipeline',
    detailType: 'CodePipeline Action Execution State Change',
    resources: ['arn:aws:codepipeline:eu-central-1:123456789012:dev-web'],
    detail: {
      pipeline: 'dev-web',
      'execution-id': EXECUTION,
      stage: 'Build',
      action: 'Build',
      state: 'FAILED',
      'pipeline-execution-attempt': 1,
      'execution-result': result,
    },
    delivery: 'durable',
  })
}

const records = ({ simulation }: Stage) =>
  itemsOfKind(simulation, 'pipeline')
    .map((item) => readItem('pipeline', item))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))

const TRIGGER = {
  'execution-trigger': {
    'commit-id': '9f3c1d2e4b5a69788796a5b4c3d2e1f00f1e2d3c',
    'commit-message': 'Prices in euros',
    'author-display-name': 'Ann',
    'full-repository-name': 'acme/web',
    'branch-name': 'main',
  },
}

describe('an execution of a pipeline', () => {
  it('is one record of its service’s team, with its commit and the action that failed', async () => {
    const stage = await Stage.open()
    tell(stage, 'STARTED', { detail: TRIGGER })
    await stage.minutes(1)
    tellFailedAction(stage, {
      'external-execution-url': 'https://console.aws.amazon.com/codebuild/home#/builds/1',
      'external-execution-summary': 'Build terminated with state: FAILED',
      'error-code': 'JobFailed',
    })
    tell(stage, 'FAILED', { detail: TRIGGER })
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([
      {
        owner: 'storefront',
        verdict: 'failed',
        at: '2026-03-02T09:00:00Z',
        endedAt: '2026-03-02T09:01:00Z',
        detail: {
          service: 'web',
          attempt: 1,
          commit: { message: 'Prices in euros', author: 'Ann' },
          failed: {
            stage: 'Build',
            code: 'JobFailed',
            summary: expect.stringMatching(/terminated/),
          },
          failures: ['2026-03-02T09:01:00Z'],
        },
      },
    ])
  })

  it('that is tried again is the same record, and an old failure changes nothing', async () => {
    const stage = await Stage.open()
    tell(stage, 'STARTED')
    await stage.minutes(1)
    tell(stage, 'FAILED')
    await stage.minutes(1)
    tell(stage, 'STARTED', { attempt: 2 })
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([{ verdict: 'started', detail: { attempt: 2 } }])
    tell(stage, 'SUCCEEDED', { attempt: 2 })
    await stage.minutes(1)
    tell(stage, 'FAILED')
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([
      {
        verdict: 'succeeded',
        detail: { attempt: 2, failures: ['2026-03-02T09:01:00Z', expect.stringMatching(/09:04/)] },
      },
    ])
  })

  it('that was superseded names the one that took its place', async () => {
    const stage = await Stage.open()
    tell(stage, 'STARTED')
    await stage.minutes(1)
    tell(stage, 'STARTED', { execution: NEWER, start: '2026-03-02T09:01:00.000Z' })
    await stage.minutes(1)
    tell(stage, 'SUPERSEDED')
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([
      { verdict: 'superseded', detail: { supersededBy: NEWER } },
      { verdict: 'started' },
    ])
  })

  it('that was superseded names the other when its event comes later, with its revision and a link', async () => {
    const stage = await Stage.open()
    tell(stage, 'SUPERSEDED')
    await stage.minutes(1)
    expect(records(stage)[0]?.detail.supersededBy).toBeUndefined()
    const newest = { execution: 'newest', start: '2026-03-02T09:02:00.000Z' }
    tell(stage, 'STARTED', { ...newest, detail: TRIGGER })
    await stage.minutes(1)
    expect(records(stage)[0]?.detail).toMatchObject({ supersededBy: 'newest' })
    // The one between both began first: it is the one that took its place.
    tell(stage, 'STARTED', { execution: NEWER, start: '2026-03-02T09:01:00.000Z' })
    await stage.minutes(1)
    tell(stage, 'SUCCEEDED', {
      ...{ execution: NEWER, start: '2026-03-02T09:01:00.000Z' },
      detail: { 'execution-trigger': { 'commit-id': '41ab'.repeat(10) } },
    })
    await stage.minutes(1)
    expect(records(stage)[0]?.detail).toMatchObject({
      supersededBy: NEWER,
      supersededRevision: '41ab'.repeat(10),
    })
    const [message] = messagesOf(stage, 'superseded')
    expect(message?.text).toContain('dev-web was superseded by 41ab41ab41ab.')
    expect(JSON.stringify(message?.blocks)).toContain(
      `/pipelines/dev-web/executions/${NEWER}/visualization?region=eu-central-1|41ab41ab41ab>`,
    )
    expect(stage.simulation.slack.messages).toHaveLength(3)
  })

  test.each([
    ['STOPPED', { 'stop-execution-comments': 'wrong branch' }, { comment: 'wrong branch' }],
    ['STOPPING', { 'stop-execution-comments': 'wrong branch' }, { comment: 'wrong branch' }],
    ['CANCELED', {}, {}],
    ['RESUMED', {}, {}],
    ['PAUSED_BY_A_NEWER_CODEPIPELINE', {}, {}],
  ])('in the state %s is recorded by that name', async (state, detail, expected) => {
    const stage = await Stage.open()
    tell(stage, state, { detail })
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([{ verdict: state.toLowerCase(), detail: expected }])
  })

  it.each(['other-web', 'dev-webshop', 'dev-web-extra', 'dev-12345-web'])(
    'of %s is none of ours',
    async (pipeline) => {
      const stage = await Stage.open()
      tell(stage, 'FAILED', { pipeline })
      await stage.minutes(1)
      expect(records(stage)).toEqual([])
      expect((await stage.logs()).join()).toContain('no pipeline of this environment')
    },
  )

  it('whose service has a long name is ours', async () => {
    const stage = await Stage.open()
    tell(stage, 'FAILED', { pipeline: 'dev-0a1b2c-nightly-report' })
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([{ detail: { service: 'nightly-report' } }])
  })

  it('says nothing of what it does not say: no result, an address that is none', async () => {
    const stage = await Stage.open()
    tellFailedAction(stage, null)
    tellFailedAction(stage, { 'external-execution-url': 'javascript:alert(1)' })
    await stage.minutes(1)
    expect(records(stage)).toMatchObject([{ detail: { failed: { url: '', summary: '' } } }])
  })
})

describe('whatever the order of an execution’s events', () => {
  /** What happens in an execution, second by second. */
  const history = fc
    .array(fc.constantFrom('succeeded', 'failed', 'stopped'), { minLength: 1, maxLength: 4 })
    .map((ends) =>
      ends.flatMap((end, place): PipelineSeen[] => {
        const at = (second: number) =>
          new Date(Date.UTC(2026, 2, 2, 9, place, second)).toISOString()
        const attempt = place + 1
        const failed = { stage: 'S', action: 'A', summary: '', code: '', url: '', at: at(5) }
        return [
          { verdict: 'started', attempt, at: at(0) },
          ...(end === 'failed' ? [{ attempt, at: at(5), failed }] : []),
          { verdict: end, attempt, at: at(9) },
        ]
      }),
    )
  const play = (events: readonly PipelineSeen[]) =>
    events.reduce<PipelineKnown | undefined>(
      (known, seen) => pipelineAfter(known, seen) ?? known,
      undefined,
    )

  it('and however often they come, its record ends the same', () => {
    const disordered = history.chain((events) =>
      fc
        .array(fc.constantFrom(...events), { maxLength: 5 })
        .chain((more) => {
          const all = [...events, ...more]
          return fc.shuffledSubarray(all, { minLength: all.length })
        })
        .map((shuffled) => ({ events, shuffled })),
    )
    fc.assert(
      fc.property(disordered, ({ events, shuffled }) => {
        expect(play(shuffled)).toEqual(play(events))
      }),
      { numRuns: 1000 },
    )
  })
})
