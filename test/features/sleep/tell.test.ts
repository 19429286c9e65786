import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING, Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog()
})

/** What a channel says of its night: its one message, as it stands. */
const nightIn = (night: Night, channel: string) => {
  const { messages } = night.stage.simulation.slack
  const found = messages.filter(
    (one) => one.channel === channel && JSON.stringify(one.blocks).includes('night of'),
  )
  const [message, ...more] = found
  expect(more).toEqual([])
  return message
}
const buttonsOf = (message: ReturnType<typeof nightIn>) =>
  JSON.stringify(message?.blocks ?? [])
    .match(/"(Keep|Wake)[^"]*"/g)
    ?.map((label) => label.replaceAll('"', ''))

const STOREFRONT = '#storefront'
const ORDERING = '#ordering'

describe('a night is one message in the channel of each team', () => {
  it('announced, asleep, awake: edited in place', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    await night.until('2026-03-02T19:29')
    expect(nightIn(night, STOREFRONT)).toBeUndefined()
    await night.until('2026-03-02T19:31')
    const message = nightIn(night, STOREFRONT)
    expect(message?.text).toContain('products sleeps at 20:00 until Tue 3 Mar 07:00.')
    expect(nightIn(night, ORDERING)?.text).toContain(
      'orders sleeps at 20:00 until Tue 3 Mar 07:00.',
    )
    expect(nightIn(night, ORDERING)?.text).toContain('Keep also keeps what it needs: products.')
    expect(buttonsOf(message)).toEqual([
      'Keep 2 h (until 22:00) · about $0.04',
      'Keep until Tue 07:00 · about $0.22',
    ])
    await night.until('2026-03-02T20:10')
    expect(nightIn(night, STOREFRONT)?.text).toMatch(
      /^products sleeps since 20:0\d until Tue 3 Mar 07:00\./,
    )
    expect(buttonsOf(nightIn(night, STOREFRONT))).toEqual(['Wake'])
    await night.until('2026-03-03T07:15')
    expect(nightIn(night, STOREFRONT)?.text).toMatch(/^products is awake since 07:0\d\. Took: /)
    expect(buttonsOf(nightIn(night, STOREFRONT))).toBeUndefined()
    expect(nightIn(night, ORDERING)?.text).toMatch(/^orders is awake since 07:0\d\./)
    expectInvariants(night.recording)
  })

  it('kept by a press: by whom and until when, without buttons', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T19:58')
    await acts.presses('bob', 'Keep 2 h (until 22:00) · about $0.06', { message: 'orders' })
    expect(acts.told('bob').join()).toContain('until Mon 2 Mar 22:00')
    await night.until('2026-03-02T20:10')
    expect(await night.sizes()).toMatchObject({ products: '2/2', orders: '1/1' })
    expect(nightIn(night, ORDERING)?.text).toContain('orders stays awake: ')
    expect(nightIn(night, ORDERING)?.text).toContain('kept awake by bob@example.com until 22:00')
    expect(buttonsOf(nightIn(night, ORDERING))).toBeUndefined()
    await night.until('2026-03-02T22:10')
    expect(nightIn(night, ORDERING)?.text).toMatch(/^orders sleeps since 22:0\d/)
  })

  it('says what it would do, and that nothing is done, while the catalog says `tell`', async () => {
    const mailer = 'kind: worker\nteam: storefront\nschedule: always-on\nidle: 1h\n'
    const services = { ...SERVICES, 'services/mailer.yaml': mailer }
    const night = await Night.open(nightCatalog(services, 'tell'))
    await night.until('2026-03-02T19:31')
    const unused = night.stage.simulation.slack.messages.filter(({ text }) =>
      text.includes('nobody uses it'),
    )
    expect(unused.map(({ text }) => text)).toEqual([
      'mailer would sleep at 11:30: nobody uses it. Why: less than 1 % CPU since 10:02. Nothing is done: features.sleep is tell in the catalog.',
    ])
    expect(buttonsOf(unused[0])).toBeUndefined()
    expect(await night.sizes()).toMatchObject({ mailer: '1/1' })
    expect(nightIn(night, STOREFRONT)?.text).toContain('products would sleep at 20:00')
    expect(nightIn(night, STOREFRONT)?.text).toContain('Nothing is done: features.sleep is tell')
    expect(buttonsOf(nightIn(night, STOREFRONT))).toBeUndefined()
    await night.until('2026-03-02T20:30')
    expect(nightIn(night, STOREFRONT)?.text).toContain('nothing was: features.sleep is tell')
  })
})

describe('a button pressed late means the time it shows', () => {
  const KEEP = 'Keep 2 h (until 22:00) · about $0.04'

  it('at 20:40: what went down is woken, until 22:00', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T20:40')
    await acts.presses('ann', KEEP, { old: true, message: 'products' })
    await night.until('2026-03-02T20:50')
    expect(await night.sizes()).toMatchObject({ products: '2/2', orders: '0/0' })
    await night.until('2026-03-02T22:10')
    expect(await night.sizes()).toMatchObject({ products: '0/0' })
  })

  it('at 22:30: nothing changes, it says since when it sleeps and offers to wake', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T22:30')
    await acts.presses('ann', KEEP, { old: true, message: 'products' })
    expect(acts.told('ann').join()).toMatch(
      /22:00 Europe\/Berlin is past\. products sleeps since Mon 2 Mar 20:0\d/,
    )
    expect(await night.sizes()).toMatchObject({ products: '0/0' })
    await acts.presses('ann', 'Wake what storefront owns', { ephemeral: true })
    await night.until('2026-03-02T22:45')
    expect(await night.sizes()).toMatchObject({ products: '2/2' })
  })

  it('by somebody who may not: answered, and nothing changes', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T19:40')
    await acts.presses('bob', KEEP, { message: 'products' })
    expect(acts.told('bob').join()).toContain('Only members of storefront')
  })
})

describe('whoever keeps something awake is asked before it ends', () => {
  it('ten minutes before, with the same choices, if it would then sleep', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T19:40')
    await acts.types('ann', 'keep products until 22:00 the demo')
    await night.until('2026-03-02T21:51')
    const asked = night.stage.simulation.slack.messages.at(-1)
    expect(asked?.text).toContain(
      '<@U0ANN>: products sleeps at 22:00: what you asked for ends then',
    )
    await acts.presses('ann', 'Keep 2 h (until Tue 00:00) · about $0.04')
    await night.until('2026-03-02T22:30')
    expect(await night.sizes()).toMatchObject({ products: '2/2' })
  })

  it('not while somebody keeps it longer', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T19:40')
    await acts.types('bob', 'keep orders until 21:00')
    await acts.types('olga', 'keep dev until 23:00')
    const { messages } = night.stage.simulation.slack
    const before = messages.length
    await night.until('2026-03-02T21:10')
    expect(messages.slice(before).filter(({ text }) => text.includes('<@U'))).toEqual([])
    await night.until('2026-03-02T22:51')
    expect(messages.at(-1)?.text).toContain('<@U0OLGA>: the environment sleeps at 23:00')
    expect(await night.sizes()).toMatchObject({ orders: '1/1' })
  })

  it('and told when somebody else ends it', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T19:40')
    await acts.types('ann', 'keep products until 22:00')
    await night.until('2026-03-02T20:15')
    await acts.types('ada', 'sleep products --despite-keep')
    await night.until('2026-03-02T20:20')
    expect(night.stage.simulation.slack.messages.map(({ text }) => text).join('\n')).toContain(
      '<@U0ANN>: products sleeps: ada@example.com has ended what you asked for (until 22:00)',
    )
  })
})
