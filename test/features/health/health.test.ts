import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { Recording } from '../../../local/invariants/recording.ts'
import { Callers, PRODUCTS } from '../../kits/callers.ts'
import { catalogOf } from '../../kits/catalog.ts'
import { expectInvariants } from '../../kits/invariants.ts'

const TELLS = 'features: { health: tell }\n'

let catalog: string
let telling: string
beforeAll(() => {
  const environment = readFileSync('catalog/environment.yaml', 'utf8')
  catalog = catalogOf(PRODUCTS)
  telling = catalogOf({ 'environment.yaml': `${environment}\n${TELLS}`, ...PRODUCTS })
})

describe('a backend that goes red', () => {
  it('is not found by others within 60 seconds where it fails, and is again once it answers', async () => {
    const callers = await Callers.open(catalog)
    const { stage } = callers
    const recording = new Recording(stage.simulation)
    const both = await callers.found()
    expect(both).toHaveLength(2)
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()

    const seconds = await callers.within(3, async () => (await callers.found()).length === 1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(await callers.circuit()).toMatchObject({
      'caretaker.circuit': 'open',
      'caretaker.circuit.reason': 'dev-products-unhealthy is red; 1 instance taken out',
    })

    // Both fail by now: the one that callers find stays.
    await stage.minutes(15)
    expect(await callers.found()).toHaveLength(1)
    expect((await callers.circuit())['caretaker.circuit.reason']).toContain('last instance kept')

    const good = stage.push({ behaviour: 'healthy' }, 'products')
    const closed = await callers.within(
      30,
      async () => (await callers.circuit())['caretaker.circuit'] === 'closed',
    )
    expect(closed).toBeDefined()
    await stage.minutes(2)
    const now = await callers.found()
    expect(now).toHaveLength(2)
    expect(now.some((id) => both.includes(id))).toBe(false)
    expect((await stage.service('products')).running?.digest).toBe(good)
    expectInvariants(recording)
  })

  const READS = [
    ['the state of its alarms', (callers: Callers) => callers.fail('cloudwatch', 'DescribeAlarms')],
    ['its tasks', (callers: Callers) => callers.fail('ecs', 'DescribeTasks')],
    ['more than the first of its tasks', (callers: Callers) => callers.fewerTasks()],
    ['its instances, which Cloud Map lists as none', (callers: Callers) => callers.emptyList()],
  ] as const

  it.each(READS)('stays as it is while nobody can read %s', async (_, fail) => {
    const callers = await Callers.open(catalog)
    const stop = fail(callers)
    // It sees the answers that there are when it begins.
    const recording = new Recording(callers.stage.simulation)
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()
    await callers.stage.minutes(12)
    expect(callers.changes()).toBe(0)
    stop()
    const seconds = await callers.within(10, async () => (await callers.found()).length === 1)
    expect(seconds).toBeDefined()
    const out = callers.changes()

    // Open: what is out stays out, and nothing else goes.
    const again = fail(callers)
    const { 'caretaker.circuit.since': since } = await callers.circuit()
    await callers.stage.minutes(8)
    expect(callers.changes()).toBe(out)
    again()
    await callers.stage.minutes(1)
    const now = await callers.circuit()
    expect([now['caretaker.circuit'], now['caretaker.circuit.since']]).toEqual(['open', since])
    expectInvariants(recording)
  })

  it('is told once when it cannot be read for ten minutes', async () => {
    const callers = await Callers.open(catalog)
    callers.fail('ecs', 'DescribeTasks')
    await callers.stage.minutes(60)
    const told = await callers.notes()
    expect(told.filter(({ text }) => text.startsWith('The circuit is not known since'))).toEqual([
      expect.objectContaining({ notifies: true, text: expect.stringContaining('Transient') }),
    ])
  })

  it('is looked at as a whole, also with more tasks than one page of a list has', async () => {
    const callers = await Callers.open(catalog, 102)
    const recording = new Recording(callers.stage.simulation)
    expect(await callers.found()).toHaveLength(102)
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()
    const seconds = await callers.within(3, async () => (await callers.found()).length === 101)
    expect(seconds).toBeDefined()
    callers.stage.push({ behaviour: 'healthy' }, 'products')
    const closed = await callers.within(
      60,
      async () => (await callers.circuit())['caretaker.circuit'] === 'closed',
    )
    expect(closed).toBeDefined()
    expectInvariants(recording)
  })

  it('says only what it would do where the catalog says tell', async () => {
    const callers = await Callers.open(telling)
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()
    await callers.stage.minutes(5)
    expect([callers.changes(), await callers.circuit()]).toEqual([0, {}])
    expect(await callers.notes()).toEqual([
      expect.objectContaining({
        text: expect.stringContaining(
          'The circuit would be open: dev-products-unhealthy is red; 1',
        ),
      }),
    ])
  })

  it('is kept by another execution when somebody stops the first', async () => {
    const callers = await Callers.open(catalog)
    const { sfn } = callers.stage.simulation
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()
    await callers.stage.minutes(2)
    const running = () =>
      sfn.executions.filter(
        ({ machine, status }) => machine.name === 'dev-health' && status === 'RUNNING',
      )
    const [first] = running()
    await callers.stage.call('sfn', 'StopExecution', { executionArn: first?.arn })
    await callers.stage.minutes(6)
    expect(running()).toHaveLength(1)
    callers.stage.push({ behaviour: 'healthy' }, 'products')
    await callers.stage.minutes(25)
    expect(running()).toEqual([])
    expect((await callers.circuit())['caretaker.circuit']).toBe('closed')
  })

  const CALLS = ['PutItem', 'UpdateInstanceCustomHealthStatus', 'UpdateServiceAttributes']

  it.each(CALLS)(
    'closes, says so and gives everything back though its function dies after each %s',
    async (operation) => {
      const callers = await Callers.open(catalog)
      const killed = new Set<string>()
      callers.stage.simulation.lambda.killer = (call) => {
        if (call.function !== 'dev-move-circuit' || call.when !== 'after') return false
        if (call.operation !== operation || killed.has(call.requestId)) return false
        // Step Functions tries again; the look that follows lives.
        killed.add(call.requestId)
        return killed.size % 2 === 1
      }
      expect(await callers.within(20, () => callers.isRed())).toBeDefined()
      expect(
        await callers.within(3, async () => (await callers.found()).length === 1),
      ).toBeDefined()
      expect((await callers.circuit())['caretaker.circuit']).toBe('open')
      callers.stage.push({ behaviour: 'healthy' }, 'products')
      await callers.stage.minutes(30)
      expect((await callers.circuit())['caretaker.circuit']).toBe('closed')
      expect(await callers.found()).toHaveLength(2)
      expect(killed.size).toBeGreaterThan(1)
    },
  )
})
