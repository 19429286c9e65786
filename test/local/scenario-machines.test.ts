import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DescribeBudgetsResponse } from '@aws-sdk/client-budgets'
import { expect, test } from 'vitest'
import { play } from '../../local/scenario/play.ts'
import { readScenario } from '../../local/scenario/read.ts'
import { PERSON } from '../kits/roll-outs.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const LAUNCH = '{ ImageId: ami-1, InstanceType: t3.large, MinCount: 1, MaxCount: 1 }'

/** A person stops what a pipeline changed, and a shortage comes in between. */
const STEPS = `name: machines
steps:
  - at: +1m
    call: { service: cloudtrail, operation: CreateTrail, input: { Name: all, S3BucketName: trails } }
  - at: +1m
    call: { service: cloudtrail, operation: StartLogging, input: { Name: all } }
  - at: +2m
    shortage: { type: t3.large, zone: eu-central-1a, for: 10m }
  - at: +3m
    call:
      service: ec2
      operation: CreateTags
      by: ana@example.com
      input: { Resources: [i-00000000000000000], Tags: [] }
  - at: +4m
    call: { service: ec2, operation: RunInstances, by: nobody/ci, input: ${LAUNCH} }
  - at: +5m
    call: { service: ec2, operation: RunInstances, input: ${LAUNCH} }
  - at: +6m
    spend: { team: nobody, usd: 5 }
  - at: +6m
    anomaly: { team: ordering, usd: 5 }
  - at: +6m
    spend: { team: ordering, usd: 100, seenAfter: 5m, forecast: 320, perDay: { Amazon RDS: 3 } }
  - at: +6m
    spend: { team: storefront, usd: 100, seenAfter: 5m, known: false }
  - at: +20m
    faults: { lose: 0 }
`

test('a step says who calls, and takes capacity away for a while', async () => {
  const path = join(temporaryDirectory(), 'scenario.yaml')
  writeFileSync(path, STEPS)
  const { simulation, failures } = await play(readScenario(path), { seed: 1 })
  expect(failures.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('InvalidID'),
    expect.stringContaining('The role with name nobody cannot be found'),
    expect.stringContaining('VPCIdNotSpecified'),
    'spend: there is no budget of nobody',
    'anomaly: no monitor sees it: the catalog has no anomalies, or they watch something else',
  ])
  const { Budgets: budgets } = await simulation.aws.call<DescribeBudgetsResponse>(
    'budgets',
    'DescribeBudgets',
    { AccountId: '123456789012' },
    PERSON,
  )
  const spent = (budgets ?? []).map(({ CalculatedSpend }) => [
    CalculatedSpend?.ActualSpend?.Amount,
    CalculatedSpend?.ForecastedSpend?.Amount,
  ])
  expect(spent.toSorted()).toEqual([
    ['0', undefined],
    ['1', undefined],
    ['100', '320'],
  ])
  const { now } = simulation.world
  expect(simulation.faults.lacks('t3.large', 'eu-central-1a', now - 10 * 60_000)).toBe(true)
  expect(simulation.faults.lacks('t3.large', 'eu-central-1a', now)).toBe(false)
  const [tagged] = simulation.eventbridge.journal.filter(
    ({ event }) => event.detail.eventName === 'CreateTags',
  )
  expect(tagged?.event.detail).toMatchObject({
    errorCode: 'Client.InvalidID',
    userIdentity: { arn: expect.stringMatching(/AWSReservedSSO_\w+\/ana@example\.com$/) },
  })
})
