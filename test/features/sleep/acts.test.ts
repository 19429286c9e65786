import { beforeAll, describe, expect, it } from 'vitest'
import { permissionSetArn, setUpIdentityCenter } from '../../../local/simulation/identity-center.ts'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog()
})

/** Monday evening: `orders` (bob's) needs `products` (ann's); both sleep from 20:00 to 07:00. */
async function evening(at: string) {
  const start = new Date(Date.parse(`2026-03-02T${at}:00+01:00`) - 70 * 60_000)
  const night = await Night.open(catalog, undefined, start)
  await night.until(`2026-03-02T${at}`)
  return { night, acts: new Acts(night.stage) }
}

describe('a person keeps something awake', () => {
  it('until then: with all that it needs, and says what that is and costs', async () => {
    const { night, acts } = await evening('19:40')
    const said = await acts.types('bob', 'keep orders until 22:00 the demo')
    expect(said).toContain('Done: orders is kept awake until Mon 2 Mar 22:00 Europe/Berlin')
    expect(said).toContain('Awake for it: orders, products, about $0.03 an hour at list price.')
    expect(said).toContain('To undo it: `/caretaker unkeep orders`.')
    await night.until('2026-03-02T21:59')
    expect(await night.sizes()).toEqual({ products: '2/2', orders: '1/1', mailer: '1/1' })
    await night.until('2026-03-02T22:10')
    expect(await night.sizes()).toEqual({ products: '0/0', orders: '0/0', mailer: '1/1' })
    expectInvariants(night.recording)
  })

  it('until then where they are: as Slack says it, else in the environment’s zone, which is said', async () => {
    const night = await Night.open(catalog)
    const acts = new Acts(night.stage)
    Object.assign(acts.slack.people.get('bob'), { timeZone: 'America/New_York' })
    acts.slack.limit('users.info', 60)
    expect(await acts.types('bob', 'keep orders until 21:00')).toMatch(
      /until Mon 2 Mar 21:00 Europe\/Berlin.*\nYour own time zone is not known \(Slack \w+.*\): the time was read as one of Europe\/Berlin\./s,
    )
    await night.stage.minutes(1)
    const said = await acts.types('bob', 'keep orders until 16:00')
    expect(said).toContain('until Mon 2 Mar 22:00 Europe/Berlin')
    expect(said).toContain('(Mon 2 Mar 16:00 America/New_York)')
    expect(said).not.toContain('not known')
    // It is known now, and Slack is not asked again; where no time was written it never is.
    acts.slack.limit('users.info', 3600)
    expect(await acts.types('bob', 'keep orders until 17:00')).toContain('until Mon 2 Mar 23:00')
    expect(await acts.types('ann', 'keep products for 2h')).not.toContain('not known')
  })

  it('without a time: two hours longer; `until tomorrow` is until the hour at which it starts', async () => {
    const { acts } = await evening('19:40')
    expect(await acts.types('bob', 'keep orders')).toContain('until Mon 2 Mar 22:00')
    expect(await acts.types('bob', 'keep orders until tomorrow')).toContain('until Tue 3 Mar 07:00')
    expect(await acts.types('bob', 'keep orders until 23:00')).toContain(
      'Nothing was done: bob@example.com keeps orders awake until Tue 3 Mar 07:00',
    )
  })

  it('for seven days at the most, and never until what is past or may be tomorrow', async () => {
    const { acts } = await evening('20:30')
    expect(await acts.types('bob', 'keep orders for 8 days')).toContain(
      'seven days are the longest',
    )
    expect(await acts.types('bob', 'keep orders until 18:00')).toContain(
      "18:00 has passed today (it is Mon 2 Mar 20:30 Europe/Berlin), and tomorrow's is 21 h 30 min away",
    )
    expect(await acts.receipts()).toEqual([])
  })

  it('only who is of its team, an operator, or, for the environment, of its owner’s', async () => {
    const { acts } = await evening('19:40')
    expect(await acts.types('ann', 'keep orders')).toContain('Only members of ordering')
    expect(await acts.types('ann', 'keep dev')).toContain('Only members of platform')
    expect(await acts.types('ann', 'keep team ordering')).toContain('Only members of ordering')
    expect(await acts.types('bob', 'keep ordres')).toContain('Did you mean orders?')
    expect(await acts.receipts()).toEqual([])
    expect(await acts.types('olga', 'keep dev')).toContain(
      'Done: the environment dev is kept awake',
    )
  })
})

it('at the command line a time is the environment’s, and the answer says the caller’s too', async () => {
  const { night, acts } = await evening('19:40')
  const { aws, sts } = night.stage.simulation
  await setUpIdentityCenter(aws, 'dev')
  const role = permissionSetArn(aws.account, 'dev', 'developer')
  const keys = sts.sessions.open(role, 'bob@example.com', 3_600)
  const zone = 'America/New_York'
  const { text } = await acts.calls(keys, { text: 'keep orders until 22:00', zone })
  expect(text).toContain(
    'until Mon 2 Mar 22:00 Europe/Berlin, 2 h 20 min from now (Mon 2 Mar 16:00',
  )
  await night.until('2026-03-02T20:10')
  expect(await night.sizes()).toMatchObject({ orders: '1/1', products: '2/2' })
  expect(await acts.receipts()).toMatchObject([{ verb: 'keep', via: 'iam', by: 'bob@example.com' }])
})

describe('a person wakes, and puts to sleep', () => {
  it('wakes until it sleeps by its schedule the next time', async () => {
    const { night, acts } = await evening('21:00')
    expect(await acts.types('bob', 'wake orders')).toContain('until Tue 3 Mar 20:00')
    await night.until('2026-03-02T21:10')
    expect(await night.sizes()).toEqual({ products: '2/2', orders: '1/1', mailer: '1/1' })
  })

  it('puts to sleep until it starts by its schedule, half an hour at the least', async () => {
    const { night, acts } = await evening('18:00')
    expect(await acts.types('bob', 'sleep orders for 20 min')).toContain('20 min is too short')
    expect(await acts.types('bob', 'sleep orders')).toContain('until Tue 3 Mar 07:00')
    await night.until('2026-03-02T18:10')
    expect(await night.sizes()).toEqual({ products: '2/2', orders: '0/0', mailer: '1/1' })
    expect(await acts.types('bob', 'unkeep orders')).toContain('the schedule of orders holds again')
    await night.until('2026-03-02T18:20')
    expect(await night.sizes()).toEqual({ products: '2/2', orders: '1/1', mailer: '1/1' })
  })

  it('what somebody keeps stays awake: the second is told by whom, and may end that', async () => {
    const { night, acts } = await evening('19:40')
    await acts.types('ann', 'keep products until 22:00 the demo')
    await night.until('2026-03-02T20:15')
    const said = await acts.types('ada', 'sleep products')
    expect(said).toContain('ann@example.com keeps products awake until Mon 2 Mar 22:00')
    expect(said).toContain('the demo')
    expect(said).toContain('`/caretaker sleep products --despite-keep` ends that')
    expect(await night.sizes()).toMatchObject({ products: '2/2' })
    await acts.presses('ada', 'End that and put it to sleep', { ephemeral: true })
    await night.until('2026-03-02T20:17')
    expect(await night.sizes()).toMatchObject({ products: '0/0' })
  })

  it('does nothing while the catalog says that sleep only tells', async () => {
    const night = await Night.open(nightCatalog(SERVICES, 'tell'))
    const said = await new Acts(night.stage).types('bob', 'keep orders')
    expect(said).toContain('features.sleep is "tell"')
  })
})

describe('how things stand', () => {
  it('`why` and `status` say since when, by which rule or whom, and what is next', async () => {
    const { night, acts } = await evening('19:40')
    await acts.types('bob', 'keep orders until 22:00 the demo')
    await night.until('2026-03-02T20:10')
    const kept = await acts.types('ann', 'why products')
    expect(kept).toContain(
      'to be awake (orders needs it: kept awake by bob@example.com until Mon 2 Mar 22:00 Europe/Berlin: the demo)',
    )
    expect(kept).toContain('by its schedule it starts Tue 3 Mar 07:00 Europe/Berlin')
    expect(await acts.types('ann', 'status')).toMatch(
      /orders: .*; kept awake by bob@example.com until Mon 2 Mar 22:00/,
    )
    await night.until('2026-03-02T22:30')
    expect(await acts.types('ann', 'why orders')).toMatch(
      /Sleep: asleep since Mon 2 Mar 22:0\d Europe\/Berlin: office-hours: outside .*; by its schedule it starts Tue 3 Mar 07:00/,
    )
    expect(await acts.types('ann', 'status')).toMatch(/orders: .*; asleep since Mon 2 Mar 22:0/)
  })
})
