import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { LADDER, TagWorld, tagCatalog } from '../../kits/tag-worlds.ts'

const DUE = 'caretaker:tags-due'

describe('what stays untagged', () => {
  let world: TagWorld
  let id = ''
  let about = ''

  beforeAll(async () => {
    world = await TagWorld.open(tagCatalog('act', LADDER))
    await world.pastReports()
    id =
      (await world.launch(await world.person('ann@example.com'), { Name: 'experiment' }))[0] ?? ''
    about = `instance/${id}`
  })

  it('is told to its owner once', async () => {
    await world.nextSweep()
    await world.nextSweep(0)
    expect(world.messages(id)).toEqual([
      expect.stringContaining('tags are missing, and nobody but you knows them'),
    ])
    const [message] = world.stage.simulation.slack.messages.filter(({ text }) => text.includes(id))
    expect(message).toMatchObject({ channel: '#storefront' })
    expect(message?.text).toContain('cost-center is missing: what matches [0-9]{4}')
    expect(message?.text).toMatch(/Made by ann@example\.com, 2 Mar 10:00\./)
    expect(await world.tags(id)).not.toHaveProperty(DUE)
  })

  it('is marked with a date a day later, and told so', async () => {
    await world.nextSweep()
    expect(await world.tags(id)).toHaveProperty(DUE)
    expect(world.messages(id)).toEqual([
      expect.stringContaining('tags are missing'),
      expect.stringContaining('is marked: tags are still missing, and it may be stopped after'),
    ])
    expect(await world.state(id)).toBe('running')
  })

  it('is stopped when its time is over, and told so; nothing is deleted', async () => {
    await world.nextSweep()
    expect(await world.state(id)).toBe('running')
    // A sweep some seconds earlier than the one that told of it comes too early: the next one is it.
    await world.nextSweep(2)
    expect(await world.state(id)).toBe('stopped')
    expect(world.count('StopInstances')).toBe(1)
    expect(world.messages(id)).toHaveLength(3)
    expect(world.messages(id).at(-1)).toContain('is stopped: tags were missing')
  })

  it('a person’s start is an answer for seven days', async () => {
    await world.nextSweep()
    expect(world.kept(about)).toMatchObject({ stopped: true })
    await world.stage.call('ec2', 'StartInstances', { InstanceIds: [id] })
    await world.nextSweep(6)
    expect(await world.state(id)).toBe('running')
    expect(world.count('StopInstances')).toBe(1)
    expect(world.kept(about)).toMatchObject({ answeredUntil: expect.any(String) })
  })

  it('and with its tags all is undone, and said', async () => {
    await world.retag(id, { 'cost-center': '4711' })
    await world.nextSweep()
    expect(await world.tags(id)).toEqual({
      ...{ Name: 'experiment', 'cost-center': '4711' },
      ...{ 'caretaker:owner': 'storefront', 'caretaker:environment': 'dev' },
    })
    expect(world.kept(about)).toMatchObject({ ended: { how: 'mended' }, left: [] })
    expect(world.messages(id)[0]).toContain('has its tags')
    const before = world.calls
    await world.nextSweep()
    expect(world.changes(before)).toEqual([])
  })
})

describe('ways out', () => {
  let world: TagWorld
  beforeAll(async () => {
    world = await TagWorld.open(tagCatalog('act', LADDER))
    await world.pastReports()
  })

  it('mended on the last evening, gone, copied, taken off', async () => {
    const ann = await world.person('ann@example.com')
    const [late = '', gone = '', first = ''] = await world.launch(ann, {}, 3)
    await world.nextSweep()
    await world.nextSweep()
    // A snapshot has brought our mark and its date to another one.
    const [copy = ''] = await world.launch(ann, { [DUE]: '2026-03-01', 'cost-center': '1' })
    await world.stage.call('ec2', 'TerminateInstances', { InstanceIds: [gone] })
    await world.untag(first, 'caretaker:owner')
    await world.nextSweep()
    expect(await world.tags(copy)).not.toHaveProperty(DUE)
    expect(world.kept(`instance/${copy}`)).not.toHaveProperty('mark')
    expect(world.kept(`instance/${gone}`)).toMatchObject({ ended: { how: 'gone' } })
    expect(await world.tags(first)).toMatchObject({ 'caretaker:owner': 'storefront' })
    await world.untag(first, 'caretaker:owner')
    await world.retag(late, { 'cost-center': '4711' })
    await world.retag(first, { 'cost-center': '4711' })
    await world.nextSweep()
    expect(await world.state(late)).toBe('running')
    expect(await world.tags(late)).not.toHaveProperty(DUE)
    // Taken off twice: it is not written a third time, and never marked for that.
    expect(await world.tags(first)).not.toHaveProperty('caretaker:owner')
    expect(world.kept(`instance/${first}`)).toMatchObject({
      left: ['caretaker:owner was written twice, and taken off twice'],
    })
    const told = world.stage.simulation.slack.messages.map(({ text }) => text)
    expect(told.filter((text) => text.includes('ignore_tags { key_prefixes'))).not.toEqual([])
    await world.nextSweep(5)
    expect(await world.state(first)).toBe('running')
    expect(world.count('StopInstances')).toBe(1)
    expect(await world.state(copy)).toBe('stopped')
    await world.retag(copy, { 'cost-center': '4711' })
    await world.nextSweep()
    expect(await world.state(copy)).toBe('running')
    expect(await world.tags(copy)).not.toHaveProperty(DUE)
  })

  it('with a disk that a stop would empty, whatever its name says, or protected: never stopped, and told why', async () => {
    const ann = await world.person('ann@example.com')
    const before = world.calls
    const kinds = [{ InstanceType: 'i4i.large' }, { InstanceType: 'h1.2xlarge' }]
    const ids: string[] = []
    for (const kind of [...kinds, { DisableApiStop: true }]) {
      ids.push(...(await world.launch(ann, { Name: 'store' }, 1, kind)))
    }
    await world.nextSweep(7)
    for (const id of ids) expect(await world.state(id)).toBe('running')
    expect(world.count('StopInstances', before)).toBe(0)
    const marks = world.stage.simulation.slack.messages.filter(
      ({ text }) => text.includes('store (') && text.includes('is marked'),
    )
    expect(marks.map(({ text }) => /It is not stopped: ([^\n]+)/.exec(text)?.[1])).toEqual([
      expect.stringContaining('disks that lose what is on them'),
      expect.stringContaining('disks that lose what is on them'),
      expect.stringContaining('protected against being stopped'),
    ])
    for (const { text } of marks) expect(text).not.toContain('may be stopped')
  })

  it('whose owner nobody knows: a press says it, and it is written at once', async () => {
    const stranger = await world.person('stranger@example.com')
    const [id = ''] = await world.launch(stranger)
    await world.nextSweep()
    const [message] = world.stage.simulation.slack.messages.filter(({ text }) => text.includes(id))
    expect(message).toMatchObject({ channel: '#dev-environment' })
    const acts = new Acts(world.stage)
    await acts.presses('ann', "It's ordering's", { message: id })
    expect(acts.told('ann').at(-1)).toContain('Only members of platform, and operators')
    await acts.presses('bob', "It's ordering's", { message: id })
    expect(acts.told('bob').at(-1)).toContain(
      "is ordering's. Caretaker writes caretaker:owner=ordering now",
    )
    await world.stage.minutes(1)
    expect(await world.tags(id)).toMatchObject({ 'caretaker:owner': 'ordering' })
    expect(world.kept(`instance/${id}`)).toMatchObject({ given: { by: 'bob@example.com' } })
  })
})
