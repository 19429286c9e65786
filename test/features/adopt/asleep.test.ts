import { expect, test } from 'vitest'
import { Adoptable, adopting } from '../../kits/adoptable.ts'
import { EVENING } from '../../kits/nights.ts'
import { Stage } from '../../kits/roll-outs.ts'

test('a service that joined by its tags wakes, also when no image was ever rolled out to it', async () => {
  const stage = await Stage.open({ catalog: adopting(), start: EVENING })
  const account = new Adoptable(stage)
  await account.begin(['ledger'])
  // What was pushed before it joined is no push to it.
  await stage.minutes(15)
  await account.service({
    ...{ cluster: 'apps', name: 'books' },
    tags: {
      'caretaker:repository': 'ledger',
      'caretaker:deploy': 'main',
      'caretaker:schedule': 'office-hours',
    },
  })
  const size = async () => (await account.snapshot()).books?.state
  await account.until('2026-03-02T20:20')
  expect(await size()).toBe('0')
  expect(stage.verdicts('books')).toEqual([])
  await account.until('2026-03-03T07:20')
  expect(await size()).toBe('1')
})
