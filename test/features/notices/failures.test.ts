import { describe, expect, it } from 'vitest'
import { readItem } from '../../../domain/table/read.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:dev-roll-out'
const ORDERS = 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders'

const failures = ({ simulation }: Stage) =>
  itemsOfKind(simulation, 'failure').map((item) => readItem('failure', item))

/** Starts the machine by hand. */
const start = (stage: Stage, input: object) =>
  stage.call<{ executionArn: string }>('sfn', 'StartExecution', {
    stateMachineArn: MACHINE,
    input: JSON.stringify(input),
  })

function tell(stage: Stage, machine: string, status: string, times = 1): void {
  const arn = (what: string) => `arn:aws:states:eu-central-1:123456789012:${what}:${machine}`
  for (let time = 0; time < times; time++) {
    stage.simulation.aws.emit({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [`${arn('execution')}:one`],
      detail: {
        executionArn: `${arn('execution')}:one`,
        stateMachineArn: arn('stateMachine'),
        name: 'one',
        status,
        startDate: Date.parse('2026-03-02T09:00:00Z'),
        stopDate: Date.parse('2026-03-02T09:00:30Z'),
        input: null,
        output: null,
        error: null,
        cause: null,
      },
      delivery: 'best-effort',
    })
  }
}

describe('an execution of a machine of ours', () => {
  it('that fails is a record of the service’s team, with its error and its page', async () => {
    const stage = await Stage.open()
    // An item that cannot be read: the plan fails for good.
    await stage.call('dynamodb', 'PutItem', {
      TableName: 'dev-caretaker',
      Item: {
        pk: { S: 'service#dev-backend/orders' },
        sk: { S: 'state' },
        generation: { S: 'many' },
      },
    })
    stage.push(GOOD)
    await stage.minutes(2)
    expect(failures(stage)).toMatchObject([
      {
        owner: 'ordering',
        subject: 'dev-roll-out',
        verdict: 'failed',
        detail: { runbook: 'roll-out-failed', service: 'dev-backend/orders' },
      },
    ])
  })

  it('that somebody stops is recorded as that', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(0.5)
    const execution = stage.simulation.sfn.executions.find(
      ({ machine }) => machine.name === 'dev-roll-out',
    )
    await stage.call('sfn', 'StopExecution', { executionArn: execution?.arn })
    await stage.minutes(1)
    expect(failures(stage)).toMatchObject([
      { verdict: 'aborted', detail: { runbook: 'roll-out-failed' } },
    ])
  })

  it.each([
    ['TIMED_OUT', 'timed-out', 'roll-out-timed-out'],
    ['FAILED', 'failed', 'roll-out-failed'],
  ])('%s is recorded once, however often its event comes', async (status, verdict, runbook) => {
    const stage = await Stage.open()
    tell(stage, 'dev-roll-out', status, 3)
    await stage.minutes(1)
    expect(failures(stage)).toMatchObject([{ verdict, owner: 'platform', detail: { runbook } }])
  })

  it('with an input that names no service of ours is its owner’s of the environment', async () => {
    const stage = await Stage.open()
    await start(stage, { service: 'nothing', push: 'wrong' })
    await stage.minutes(2)
    expect(failures(stage)).toMatchObject([{ owner: 'platform', verdict: 'failed' }])
  })

  it('that ends well, or with a verdict, is none', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(8)
    await start(stage, { service: ORDERS, sweep: true })
    await stage.minutes(2)
    expect(stage.simulation.sfn.executions.length).toBeGreaterThan(1)
    expect(failures(stage)).toEqual([])
  })
})

it.each(['other-roll-out', 'dev-roll-out-of-somebody', 'constructor'])(
  'an execution of %s is none of ours, and the log says so',
  async (machine) => {
    const stage = await Stage.open()
    tell(stage, machine, 'FAILED')
    await stage.minutes(1)
    expect(failures(stage)).toEqual([])
    expect((await stage.logs()).join()).toContain('it is no machine of ours')
  },
)
