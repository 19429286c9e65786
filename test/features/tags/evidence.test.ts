import { expect, it } from 'vitest'
import { isOlder } from '../../../domain/tagging/ladder.ts'
import { CATALOG, POLICY } from '../../kits/storms/tags.ts'
import { TagAccount } from '../../kits/tag-account.ts'

const DAY = 24 * 60 * 60_000

/** Nine days of sweeps, three weeks after the first one. */
async function states(alsoOlder: boolean) {
  const ladder = { ...POLICY.ladder, alsoOlder }
  const account = await TagAccount.open(1, { ...POLICY, ladder }, CATALOG)
  const old = await account.launch({})
  await account.run(DAY)
  await account.sweptFirst(account.world.date)
  await account.run(21 * DAY)
  // Its launch time is now, and it is no younger for that.
  await account.call('ec2', 'StopInstances', { InstanceIds: [old] })
  await account.run(60 * 60_000)
  await account.call('ec2', 'StartInstances', { InstanceIds: [old] })
  const young = await account.launch({})
  for (let day = 0; day < 9; day++) {
    await account.run(DAY)
    await account.sweep()
    await account.accept()
  }
  await account.run(60 * 60_000)
  return [account.state(old), account.state(young)]
}

it('what is older than the first sweep is stopped only with an agreement in the catalog', async () => {
  expect(await states(false)).toEqual(['running', 'stopped'])
  expect(await states(true)).toEqual(['stopped', 'stopped'])
})

it('what a stack has made is whoever’s has made the stack, once a sweep comes', async () => {
  const account = await TagAccount.open(1, POLICY, CATALOG)
  const stack = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1'
  await account.tellOfStack(stack, 'ann@example.com')
  const made = await account.launch({ 'aws:cloudformation:stack-id': stack })
  const other = await account.launch({ 'aws:cloudformation:stack-id': `${stack}2` })
  await account.run(DAY)
  await account.sweep()
  expect(account.tags(made)).toMatchObject({ 'caretaker:owner': 'ordering' })
  expect(account.tags(other)).not.toHaveProperty(['caretaker:owner'])
})

it('older is what was there: by its own time, by the event that made it, or found at the first sweep', () => {
  const [before, since, later] = ['2026-03-01', '2026-03-02', '2026-03-05'].map(
    (day) => new Date(day),
  )
  const by = (at: Date) => ({
    creator: { kind: 'person' as const, name: 'a', at: at.toISOString() },
  })
  if (!before || !since || !later) throw new Error('three')
  expect(isOlder(before, undefined, since)).toBe(true)
  expect(isOlder(later, undefined, since)).toBe(false)
  expect(isOlder(undefined, undefined, since)).toBe(true)
  expect(isOlder(undefined, by(later), since)).toBe(false)
  expect(isOlder(later, { since: since.toISOString() }, since)).toBe(true)
})
