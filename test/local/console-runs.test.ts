import { expect, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { readHistory } from '../../local/console/runs.ts'
import { Machines } from '../kits/machines.ts'

const lambda = (answer: (payload: { service: string }) => object) => ({
  lambda: {
    Invoke: ({ Payload }: { Payload: Uint8Array | string }) => {
      const text = typeof Payload === 'string' ? Payload : Buffer.from(Payload).toString()
      const result = answer(JSON.parse(text))
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(result)) }
    },
  },
})

const work = (more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
  Output: '{% $states.input %}',
  ...more,
})

const overServices = (states: object) => ({
  StartAt: 'Services',
  States: {
    Services: { Type: 'Map', ItemProcessor: { StartAt: 'Do', States: states }, End: true },
  },
})

const INPUT = [{ service: 'dev-backend/orders' }, { service: 'dev-frontend/web' }]

async function runsOf(fakes: ReturnType<typeof lambda>, definition: object, input: unknown) {
  const { events } = await new Machines(fakes).play(definition, input)
  const { runs, iterations } = readHistory(events)
  return {
    runs: runs.map(({ scope, state, status, attempts, error }) => ({
      at: scope === '' ? state : `${scope} ${state}`,
      status,
      ...(attempts > 1 ? { attempts } : {}),
      ...(error === undefined ? {} : { error }),
    })),
    iterations: iterations.map(({ label, status }) => `${label} ${status}`),
  }
}

test('each item of a Map has its own visits, and is called by its service', async () => {
  const told = await runsOf(
    lambda(() => ({})),
    overServices({ Do: work({ Next: 'Rest' }), Rest: { Type: 'Wait', Seconds: 5, End: true } }),
    INPUT,
  )
  expect(told.iterations).toEqual(['orders succeeded', 'web succeeded'])
  expect(told.runs.map(({ at, status }) => `${at}: ${status}`).sort()).toEqual([
    'Services/0 Do: succeeded',
    'Services/0 Rest: succeeded',
    'Services/1 Do: succeeded',
    'Services/1 Rest: succeeded',
    'Services: succeeded',
  ])
})

test('retries are counted; what is caught is told apart from what fails', async () => {
  let tries = 0
  const fakes = lambda(({ service }) => {
    if (service.endsWith('web')) throw new AwsError('ResourceNotFoundException', 'no such function')
    if (++tries < 3) throw new AwsError('TooManyRequestsException', 'later')
    return {}
  })
  const Retry = [
    { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 3 },
  ]
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }]
  const states = { Do: work({ Retry, Catch, Next: 'Rest' }), Rest: { Type: 'Succeed' } }
  const { runs } = await runsOf(fakes, overServices(states), INPUT)
  expect(runs).toContainEqual({ at: 'Services/0 Do', status: 'succeeded', attempts: 3 })
  expect(runs).toContainEqual({
    at: 'Services/1 Do',
    status: 'caught',
    error: 'Lambda.ResourceNotFoundException',
  })
})

test('one item that fails stops the others and the Map', async () => {
  const fakes = lambda(({ service }) => {
    if (service.endsWith('web')) throw new AwsError('ResourceNotFoundException', 'no such function')
    return {}
  })
  const states = { Do: work({ Next: 'Rest' }), Rest: { Type: 'Wait', Seconds: 900, End: true } }
  const told = await runsOf(fakes, overServices(states), INPUT)
  expect(told.iterations).toEqual(['orders aborted', 'web failed'])
  expect(told.runs).toContainEqual({ at: 'Services', status: 'failed' })
  expect(told.runs).toContainEqual({
    at: 'Services/1 Do',
    status: 'failed',
    error: 'Lambda.ResourceNotFoundException',
  })
})
