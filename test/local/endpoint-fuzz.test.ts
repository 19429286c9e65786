import { beforeAll, expect, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { fuzz } from '../kits/fuzz/fuzz.ts'
import { Stage } from '../kits/roll-outs.ts'

// Building and synthesizing takes its time.
beforeAll(() => templatesOf())

/** What a fuzz has found: each was answered with an error of our own. */
test.each([
  [
    'SetAlarmState to a state that there is not',
    'cloudwatch',
    'SetAlarmState',
    { AlarmName: 'any', StateValue: '1e999', StateReason: 'why' },
    'ValidationError',
  ],
  [
    'UpdateFunctionCode with code that nobody has published',
    'lambda',
    'UpdateFunctionCode',
    { FunctionName: 'dev-sweep', S3Bucket: 'any', S3Key: 'none' },
    'InvalidParameterValueException',
  ],
  [
    'Scan from a key that is none',
    'dynamodb',
    'Scan',
    { TableName: 'dev-caretaker', ExclusiveStartKey: {} },
    'ValidationException',
  ],
  [
    'TransactWriteItems of an item without its key',
    'dynamodb',
    'TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 'dev-caretaker', Item: {} } }] },
    'ValidationException',
  ],
])('%s is refused as AWS refuses it', async (_, service, operation, input, name) => {
  const stage = await Stage.open()
  await expect(stage.call(service, operation, input)).rejects.toMatchObject({ name })
})

/**
 * Every 500 go to one account: each 50 of them in a row are a sequence of valid and invalid calls.
 * `CARETAKER_FUZZ=100000` sends that many; without it, as many as a run of all tests has time for.
 */
const REQUESTS = Number(process.env.CARETAKER_FUZZ ?? 2000)

test('whatever is sent to the endpoint is answered as AWS answers, and the next request too', async () => {
  const problems = await fuzz(1, REQUESTS)
  expect(problems.join('\n\n')).toBe('')
})
