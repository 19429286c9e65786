import { describe, expect, it } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import type { FaultRates } from '../../local/aws/faults.ts'
import { twoServices } from '../kits/catalog.ts'
import { GOOD, Stage } from '../kits/roll-outs.ts'

const FUNCTION: Caller = { kind: 'function', name: 'dev-sweep' }
const SERVICE = { cluster: 'dev-backend', services: ['orders'] }
const UPDATE = { cluster: 'dev-backend', service: 'orders', desiredCount: 3 }

/** What went wrong, or `ok`. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: Error) => error.name,
  )

async function stageWith(rates: Partial<FaultRates>): Promise<Stage> {
  return Stage.open({ catalog: twoServices(), faults: rates })
}

/** As a function calls. */
const calls = (stage: Stage, service: string, operation: string, input: object) =>
  stage.callAs(FUNCTION, service, operation, input)

describe('calls of functions and machines that go wrong', () => {
  it('are refused while AWS is busy, and calls of people are not', async () => {
    const stage = await stageWith({ busy: 1 })
    const read = calls(stage, 'ecs', 'DescribeServices', SERVICE)
    expect(await outcome(read)).toBe('ThrottlingException')
    expect(await outcome(stage.call('ecs', 'DescribeServices', SERVICE))).toBe('ok')
  })

  it('are done and have no answer: the log says so, and that it was done', async () => {
    const stage = await stageWith({ unanswered: 1 })
    expect(await outcome(calls(stage, 'ecs', 'UpdateService', UPDATE))).toBe('ServerException')
    expect((await stage.service('orders')).desired).toBe(3)
    const made = stage.simulation.aws.calls.findLast(
      ({ operation }) => operation === 'UpdateService',
    )
    expect(made).toMatchObject({ outcome: 'ok', unanswered: true })
    expect(await outcome(stage.callAs(FUNCTION, 'ecs', 'DescribeServices', SERVICE))).toBe('ok')
  })

  it('fail where they only read, or answer in part, and in whole when they go on', async () => {
    const stage = await stageWith({ unread: 1 })
    const read = calls(stage, 'ecs', 'DescribeServices', SERVICE)
    expect(await outcome(read)).toBe('ServerException')
    const { faults } = stage.simulation
    faults.set({ unread: 0, partial: 1 })
    const list = { ResourceTypeFilters: ['ecs:service'] }
    type Page = { ResourceTagMappingList: unknown[]; PaginationToken: string }
    const ask = (more: object) =>
      stage.callAs(FUNCTION, 'resource-groups-tagging-api', 'GetResources', { ...list, ...more })
    const first = (await ask({})) as Page
    expect(first.ResourceTagMappingList).toHaveLength(1)
    const { PaginationToken } = first
    const second = (await ask({ PaginationToken })) as Page
    expect(second.ResourceTagMappingList).toHaveLength(1)
    expect(second.ResourceTagMappingList).not.toEqual(first.ResourceTagMappingList)
  })

  it('leave keys of a batch out, and say which', async () => {
    const stage = await stageWith({ partial: 1 })
    const Keys = ['a', 'b', 'c'].map((name) => ({ pk: { S: name }, sk: { S: name } }))
    const input = { RequestItems: { 'dev-caretaker': { Keys } } }
    const answer = (await calls(stage, 'dynamodb', 'BatchGetItem', input)) as {
      UnprocessedKeys: Record<string, { Keys: unknown[] }>
    }
    const left = answer.UnprocessedKeys['dev-caretaker']?.Keys ?? []
    expect(left.length).toBeGreaterThan(0)
    expect(Keys.slice(-left.length)).toEqual(left)
  })

  it('have no answer from what is down, until it is up again', async () => {
    const stage = await stageWith({})
    const { faults, world } = stage.simulation
    faults.down({ service: 'ecs', from: world.now, until: world.now + 60_000 })
    const read = calls(stage, 'ecs', 'DescribeServices', SERVICE)
    expect(await outcome(read)).toBe('ServerException')
    await stage.minutes(1)
    expect(await outcome(stage.callAs(FUNCTION, 'ecs', 'DescribeServices', SERVICE))).toBe('ok')
  })

  it('are not made any more by a function that dies, and what it began is done all the same', async () => {
    const stage = await stageWith({ kill: 0.05 })
    const digest = stage.push(GOOD)
    await stage.minutes(20)
    stage.simulation.faults.set({ kill: 0 })
    await stage.minutes(20)
    expect((await stage.service('orders')).running?.digest).toBe(digest)
    const killed = stage.simulation.invocations.filter(({ outcome }) => outcome === 'error')
    expect(killed.length).toBeGreaterThan(0)
  })
})
