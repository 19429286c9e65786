import { expect, test } from 'vitest'
import { Account } from './lambda.kit.ts'

test('a function runs on simulated time, with its environment and context', async () => {
  const account = new Account()
  await account.create(
    `(event, context, platform) => ({
      echo: event,
      now: platform.now().toISOString(),
      table: platform.environment.TABLE_NAME,
      region: platform.environment.AWS_REGION,
      name: context.functionName,
      arn: context.invokedFunctionArn,
      left: context.getRemainingTimeInMillis(),
      memory: context.memoryLimitInMB,
    })`,
    { Environment: { Variables: { TABLE_NAME: 'caretaker' } }, Timeout: 10 },
  )
  const { StatusCode, payload } = await account.invoke({ a: 1 })
  expect(StatusCode).toBe(200)
  expect(payload).toMatchObject({
    echo: { a: 1 },
    table: 'caretaker',
    region: 'eu-central-1',
    name: 'orders',
    arn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
    memory: '128',
  })
  expect(payload.now).toMatch(/^2026-03-02T09:00:00\.[123]\d\dZ$/)
  expect(payload.left).toBeGreaterThan(9_980)
  expect(await account.log()).toEqual([
    expect.stringMatching(/^START RequestId: .* Version: \$LATEST$/),
    expect.stringMatching(/^END RequestId/),
    expect.stringMatching(/^REPORT .*\tInit Duration: \d{3}\.00 ms$/),
  ])
})
