import { beforeAll, describe, expect, it } from 'vitest'
import { TagWorld } from '../../kits/tag-worlds.ts'

const COMPLETE = { 'caretaker:owner': 'storefront', 'caretaker:environment': 'dev' }

describe('something is made', () => {
  let world: TagWorld
  beforeAll(async () => {
    world = await TagWorld.open()
  })

  it('by a person: it gets the owner and the defaults, and keeps what is there', async () => {
    const ann = await world.person('ann@example.com')
    const [id = ''] = await world.launch(ann, { Name: 'experiment', 'cost-center': 'x' })
    const [theirs = ''] = await world.launch(ann, { 'caretaker:owner': 'ordering' })
    await world.stage.minutes(6)
    expect(await world.tags(id)).toEqual({ ...COMPLETE, Name: 'experiment', 'cost-center': 'x' })
    expect(await world.tags(theirs)).toEqual({ ...COMPLETE, 'caretaker:owner': 'ordering' })
    // The person stands in the record, and in no tag.
    expect(world.kept(`instance/${id}`)).toMatchObject({
      creator: { kind: 'person', name: 'ann@example.com' },
      owner: 'storefront',
    })
  })

  it('25 at once, and one is gone again: 24 are tagged by two calls', async () => {
    const before = world.calls
    const ann = await world.person('ann@example.com')
    const ids = await world.launch(ann, {}, 25)
    const [gone = '', ...rest] = ids
    await world.stage.call('ec2', 'TerminateInstances', { InstanceIds: [gone] })
    await world.stage.minutes(8)
    const tags = await Promise.all(rest.map((id) => world.tags(id)))
    expect(tags).toEqual(rest.map(() => COMPLETE))
    expect(world.count('TagResources', before)).toBe(2)
    expect(await world.tags(gone)).toEqual({})
  })

  it('by somebody in no team: defaults alone', async () => {
    const stranger = await world.person('stranger@example.com')
    const [id = ''] = await world.launch(stranger)
    await world.stage.minutes(6)
    expect(await world.tags(id)).toEqual({ 'caretaker:environment': 'dev' })
  })

  it('with 50 tags: nothing is written, and nothing taken away', async () => {
    const ann = await world.person('ann@example.com')
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, place) => [`t${place}`, 'x']))
    const [id = ''] = await world.launch(ann, full)
    await world.stage.minutes(6)
    expect(await world.tags(id)).toEqual(full)
  })

  it('whose first reads lag behind its event: it is tagged all the same, by the tags of its own request too', async () => {
    const { faults } = world.stage.simulation
    faults.set({ unseen: 1 })
    const ann = await world.person('ann@example.com')
    const ids = await world.launch(ann, { Name: 'late' }, 6)
    faults.set({ unseen: 0 })
    await world.stage.minutes(6)
    const tags = await Promise.all(ids.map((id) => world.tags(id)))
    expect(tags).toEqual(ids.map(() => ({ ...COMPLETE, Name: 'late' })))
  })

  it('and the sweep of the next day writes no more', async () => {
    await world.nextSweep()
    const before = world.calls
    await world.nextSweep()
    expect(world.changes(before)).toEqual([])
  })

  it('whose event is lost: the sweep writes what is certain', async () => {
    world.stage.simulation.faults.set({ lose: 1 })
    const ann = await world.person('ann@example.com')
    const [id = ''] = await world.launch(ann)
    await world.nextSweep()
    expect(await world.tags(id)).toEqual({ 'caretaker:environment': 'dev' })
  })
})
