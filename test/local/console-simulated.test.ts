import { beforeAll, describe, expect, it } from 'vitest'
import { sourceOf } from '../../local/console/simulated.ts'
import { Simulation } from '../../local/simulation/simulation.ts'

const MINUTE = 60_000

describe('what the console does to a simulation', () => {
  let simulation: Simulation
  let source: ReturnType<typeof sourceOf>
  beforeAll(async () => {
    simulation = await Simulation.open({ seed: 1, start: new Date('2026-03-02T09:00:00Z') })
    source = sourceOf(simulation)
  })

  /** Lets the world run until something has come to its end. */
  async function during<Result>(what: Promise<Result>, milliseconds = 10_000): Promise<Result> {
    what.catch(() => {})
    await simulation.world.run(milliseconds)
    return what
  }

  it('asks as the person who is named, and says what is refused', async () => {
    const status = await during(source.act({ by: 'bob@example.com', text: 'status ordering' }))
    expect(status).toContain('dev, team ordering: 3 services.')
    expect(status).toContain('Budgets: ordering not looked at yet.')
    const stranger = source.act({ by: 'eve@example.com', text: 'pin orders' })
    await expect(during(stranger)).rejects.toThrow(/eve@example\.com/)
  })

  it('overspends a step further each time, and knows who was told where', async () => {
    expect(await source.play.overspend('ordering')).toBe(
      'Billing shows $213.00 of $250.00 for ordering, 85 %',
    )
    await simulation.world.run(5 * MINUTE)
    expect(await source.play.overspend('ordering')).toContain('$260.00 of $250.00')
    expect(await source.play.overspend('ordering')).toContain('$312.00 of $250.00')
    await expect(source.play.overspend('nobody')).rejects.toThrow('no budget')
    await simulation.world.run(5 * MINUTE)
    const { steps, budgets, told } = (await source.see()).teams
    expect(steps.map(({ subject, verdict }) => `${subject} ${verdict}`)).toContain('ordering near')
    expect(budgets.map(({ spent }) => spent)).toContain(312)
    expect(steps[0] && told(steps[0])?.channel).toBe('#ordering')
  })

  it('starts an instance that carries no tag', async () => {
    const id = await source.play.make('bob@example.com')
    const { Reservations } = await simulation.aws.call<{
      Reservations: { Instances: { Tags: unknown[]; SubnetId: string }[] }[]
    }>('ec2', 'DescribeInstances', { InstanceIds: [id] }, { kind: 'person', name: 'test' })
    expect(Reservations[0]?.Instances[0]).toMatchObject({ SubnetId: expect.any(String) })
    expect(Reservations[0]?.Instances[0]?.Tags ?? []).toEqual([])
  })
})
