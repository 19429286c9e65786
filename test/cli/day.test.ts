import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Desk } from '../kits/desk.ts'

/** bob is in ordering, whose orders is; ann is in storefront, olga is an operator, eve is nobody. */
let desk: Desk
beforeAll(async () => {
  desk = await Desk.open()
})
afterAll(() => desk.close())

const digestIn = (text: string): string => /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? ''

/** A day of bob's at one terminal, each line as it is typed; it begins on a Monday at 10:00. */
describe('a day at the terminal', () => {
  const bob = (words: string) => desk.types(words, 'bob')
  let first = ''

  test('morning: how things stand, and a first image that holds', async () => {
    expect(await bob('status')).toMatchObject({ code: 0, told: '' })
    for (const one of ['products', 'payments']) await desk.types(`push ${one}`)
    const pushed = await desk.types('push orders')
    first = digestIn(pushed.out)
    expect(pushed.out).toContain(`Wait for its verdict: \`npx caretaker wait orders@`)
    const waited = await bob(`wait orders@${first}`)
    expect(waited.code).toBe(0)
    expect(waited.out).toMatch(/^orders: main \(\w{12}\) deployed\. all tasks have stayed healthy/)
    expect(waited.told).toMatch(/: rolling-out\n.*: deployed$/)
  })

  test('a bad image: the pipeline fails, and why and logs say what happened', async () => {
    const bad = digestIn((await desk.types('push orders --image crashes')).out)
    const waited = await bob(`wait orders@${bad.slice(7, 19)}`)
    expect(waited.code).toBe(1)
    expect(waited.out).toContain('rolled-back. Essential container in task exited')
    const why = await bob('why orders')
    expect(why.out).toContain('• Next push: of `main` would be rolled out')
    expect(why.out).toMatch(/main \(\w{12}\) rolled-back\. Essential container/)
    const logs = await bob('logs orders')
    expect(logs.out).toContain('listening on port')
  })

  test('noon: a newer image, back to the one before, and a pin', async () => {
    const newer = digestIn((await desk.types('push orders')).out)
    expect((await bob(`wait orders@${newer}`)).code).toBe(0)
    const back = await bob('rollback orders')
    expect(back).toMatchObject({ code: 0, told: '' })
    expect(back.out).toMatch(/To undo it: `npx caretaker retry orders \w+`\. Receipt \w{12}\.$/)
    expect((await bob(`wait orders@${first}`)).code).toBe(0)
    expect((await desk.stage.service('orders')).running?.digest).toBe(first)
    expect((await bob('pin orders --reason "the demo"')).code).toBe(0)
    const refused = await bob('deploy orders main')
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.told).toContain('bob@example.com pinned the service')
    expect((await bob('unpin orders')).code).toBe(0)
  })

  test('afternoon: frozen until 18:00, and thawed', async () => {
    const frozen = await bob('freeze orders --until 18:00 --reason "load test"')
    expect(frozen.out).toMatch(
      /I read: `freeze orders until Mon 2 Mar 18:00 Europe\/Berlin load test`/,
    )
    expect(frozen.out).toMatch(/until Mon 2 Mar 18:00 Europe\/Berlin, .* \(Mon 2 Mar 12:00 America/)
    const held = digestIn((await desk.types('push orders')).out)
    const waited = await bob(`wait orders@${held}`)
    expect(waited.code).toBe(1)
    expect(waited.out).toContain(
      'frozen. bob@example.com froze roll-outs until Mon 2 Mar 18:00 Europe/Berlin: load test',
    )
    expect((await bob('thaw orders')).code).toBe(0)
    await desk.stage.minutes(15)
    expect((await desk.stage.service('orders')).running?.digest).toBe(held)
  })

  test('evening: to sleep, and awake once more', async () => {
    // What others need stays awake with them.
    expect((await desk.types('sleep web', 'ann')).code).toBe(0)
    const asleep = await bob('sleep orders')
    expect(asleep.out).toMatch(
      /^I read: `sleep orders`\.\nDone: orders sleeps until Tue 3 Mar 07:00/,
    )
    await desk.stage.minutes(20)
    expect(await desk.stage.service('orders')).toMatchObject({ desired: 0 })
    expect((await bob('status ordering')).out).toMatch(/• orders: .*; asleep since Mon 2 Mar/)
    expect((await bob('wake orders --until 22:00')).code).toBe(0)
    await desk.stage.minutes(30)
    expect(await desk.stage.service('orders')).toMatchObject({ desired: 1 })
    expect((await bob('unkeep orders')).code).toBe(0)
    expect((await bob('savings ordering')).out).toContain('This week so far')
    expect((await bob('history orders')).out).toMatch(/asked for by bob@example\.com/)
  })
})

describe('who may do what (docs/access.md)', () => {
  /** Each is done and undone by those who may, so that the next finds it as it was. */
  const READS = ['status', 'why orders', 'history orders', 'logs orders', 'savings']
  const ACTS: [does: string, undoes: string][] = [
    ['pin orders', 'unpin orders'],
    ['freeze orders --until "tomorrow 9:00"', 'thaw orders'],
    ['keep orders --for 2h', 'unkeep orders'],
  ]

  test.each(READS)('%s: every member of a team, and nobody else', async (words) => {
    for (const [who, code] of [
      ['ann', 0],
      ['bob', 0],
      ['olga', 0],
      ['eve', 1],
    ] as const) {
      expect([who, (await desk.types(words, who)).code]).toEqual([who, code])
    }
  })

  test.each(ACTS)('%s: its team and operators', async (does, undoes) => {
    for (const who of ['bob', 'olga']) {
      expect((await desk.types(does, who)).code).toBe(0)
      expect((await desk.types(undoes, who)).code).toBe(0)
    }
    const other = await desk.types(does, 'ann')
    expect(other.code).toBe(1)
    expect(other.told).toContain('Only members of ordering, and operators,')
    const stranger = await desk.types(does, 'eve')
    expect(stranger.code).toBe(1)
    expect(stranger.told).toContain('eve@example.com is in no team of the catalog')
  })

  test('nothing that was typed needed more than the policies of a developer', () => {
    const people = desk.stage.simulation.aws.calls.filter(({ by }) => by.includes('@example.com'))
    const made = new Set(people.map(({ service, operation }) => `${service}:${operation}`))
    expect([...made].toSorted()).toEqual(['cloudformation:DescribeStacks'])
    expect(people.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
  })
})
