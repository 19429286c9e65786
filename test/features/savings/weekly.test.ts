import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

let night: Night
const saved = () =>
  night.stage.simulation.slack.messages.filter(({ text }) => text.includes('not spent'))

describe('Monday morning, after a week of nights', () => {
  beforeAll(async () => {
    night = await Night.open(nightCatalog(SERVICES))
    await night.until('2026-03-09T06:30')
    expect(saved()).toEqual([])
    await night.until('2026-03-10T07:30')
  })

  it('tells each team once, in its channel, what slept and what that was worth', () => {
    expect(
      saved()
        .map(({ channel }) => channel)
        .toSorted(),
    ).toEqual(['#ordering', '#storefront'])
    const text = saved().find(({ channel }) => channel === '#ordering')?.text ?? ''
    // From Monday 20:00 four nights of 11 hours, and from Friday 20:00 to Sunday midnight.
    expect(text).toMatch(/ordering slept 9[5-6] h in the week of 2026-03-02: \$0\.9\d not spent/)
    const blocks = JSON.stringify(saved().map(({ blocks: all }) => all))
    expect(blocks).toMatch(/NAT gateway \$7\.56/)
    expect(blocks).toContain('Savings Plans, reservations and free tiers make it less')
  })

  it('answers whoever asks, with this week so far', async () => {
    const acts = new Acts(night.stage)
    const answer = await acts.types('ann', 'savings ordering')
    expect(answer).toContain('Last week, from Monday 2026-03-02:')
    // Seven hours of Monday, and the night after it.
    expect(answer).toMatch(/This week so far[^:]*:\nordering: 18 h asleep, \$0\.1\d not spent/)
    expect(answer).toContain('Caretaker itself')
    expect(answer).not.toContain('storefront')
    expect(await acts.types('ann', 'savings ordring')).toContain('Did you mean ordering?')
    expectInvariants(night.recording)
  })
})
