import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, test } from 'vitest'
import { budgetStateKey, environmentKey, type Key } from '../../../domain/table/keys.ts'
import { tagStateKey } from '../../../domain/table/tag-keys.ts'
import { Budgets } from '../../../local/aws/budgets/budgets.ts'
import { Acts } from '../../kits/acts.ts'
import { BAD, GOOD } from '../../kits/roll-outs.ts'

/** `web` runs `first`, after it ran nothing. */
async function running(): Promise<{ acts: Acts; first: string }> {
  const acts = await Acts.open()
  const first = acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  expect(acts.stage.verdicts('web')).toEqual(['deployed'])
  return { acts, first }
}

/** An item of the table, as Caretaker's functions write it. */
const put = (acts: Acts, key: Key, item: object) =>
  acts.stage.call('dynamodb', 'PutItem', {
    TableName: 'dev-caretaker',
    Item: marshall({ ...key, version: 2, ...item }),
  })

const short = (digest: string) => digest.slice(7, 19)

describe('what is asked in Slack', () => {
  test('status, why, history and logs read, for every member', async () => {
    const { acts, first } = await running()
    const status = await acts.types('bob', 'status')
    expect(status).toContain(`• web: main (${short(first)}), `)
    expect(status).toContain('No alarm is red.')
    expect(status).toMatch(/^Budgets: dev not looked at yet; storefront .*; ordering .*\.$/m)
    expect(status).toMatch(/^Tags: not looked at yet\.$/m)
    expect(await acts.types('bob', 'status storefront')).not.toContain('• orders')
    const [name = ''] = acts.stage.simulation.aws.the(Budgets).namesFor('ordering')
    const at = acts.now.toISOString()
    await put(acts, budgetStateKey(name), {
      ...{ revision: 1, name, month: '2026-03', limit: 250, spent: 260, changedAt: at },
      ...{ rung: 'over', saidUnknown: false },
    })
    await put(acts, tagStateKey, {
      ...{ since: at, reported: '2026-03-02', company: {} },
      teams: { ordering: { complete: 3, total: 4 }, storefront: { complete: 4, total: 4 } },
    })
    const until = '2026-04-01T00:00:00.000Z'
    await put(acts, environmentKey, { budgetFrozen: { ordering: { until, by: 'it', reason: '' } } })
    const own = await acts.types('bob', 'status ordering')
    expect(own).toMatch(
      /^Budgets: ordering \$260\.00 of \$250\.00 spent, seen since .*, roll-outs held\.$/m,
    )
    expect(own).toMatch(/^Complete tags in the week of 2026-03-02: ordering 3 of 4\.$/m)
    expect(await acts.types('bob', 'status storefrnt')).toContain('Did you mean storefront?')
    const why = await acts.types('bob', 'why Web')
    expect(why).toContain('web (dev-frontend/web, team storefront)')
    expect(why).toMatch(/• Runs: main \(\w{12}\) since Mon 2 Mar 10:0\d Europe\/Berlin, by a push/)
    expect(why).toContain('• Alarms: none is red')
    expect(why).toContain('• Next push: of `main` would be rolled out: newer than what runs')
    expect(why).toMatch(/• Last verdicts:\n {4}Mon 2 Mar 10:00 .*deployed/)
    expect(await acts.types('bob', 'history web')).toMatch(/Ran well: main \(\w{12}\), which ran/)
    expect(await acts.types('bob', 'logs web')).toMatch(/The last lines of web, task \w+:\n```/)
    expect(await acts.receipts()).toEqual([])
  })

  test('why: what Caretaker itself is rolling out was deployed by nobody else', async () => {
    const acts = await Acts.open()
    const first = acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(1)
    expect(await acts.types('bob', 'why web')).toMatch(
      new RegExp(
        `• Runs: main \\(${short(first)}\\), being rolled out since Mon 2 Mar 10:00 Europe/Berlin, by a push; `,
      ),
    )
  })

  test('a wrong name is answered with what there is', async () => {
    const acts = await Acts.open()
    const said = await acts.types('ann', 'why ordrs')
    expect(said).toContain('There is no service "ordrs" that Caretaker looks after.')
    expect(said).toContain('Did you mean orders?')
    expect(said).toMatch(/There are: .*orders, .*web/)
  })

  test('deploy: the tag is resolved now; an unknown one is answered with candidates', async () => {
    const { acts, first } = await running()
    expect(await acts.types('ann', 'deploy web v1.3')).toMatch(/the tag "v1.3" is not in web.*main/)
    const second = acts.stage.push(GOOD, 'web', 'v1.2')
    await acts.stage.minutes(2)
    const said = await acts.types('ann', 'deploy web <http://v1.2|v1.2>\n')
    expect(said).toContain('I read: `deploy web v1.2`.')
    expect(said).toContain(`Started: web rolls out v1.2 (${short(second)})`)
    expect(said).toContain(`in place of main (${short(first)})`)
    expect(said).toContain(`To undo it: \`/caretaker rollback web ${short(first)}\`. Receipt `)
    await acts.stage.minutes(10)
    expect((await acts.stage.service('web')).running?.digest).toBe(second)
    const [, receipt] = await acts.receipts()
    expect(receipt).toMatchObject({
      verb: 'deploy',
      by: 'ann@example.com',
      via: 'slack',
      outcome: 'started',
      subject: 'web',
      undo: `rollback web ${short(first)}`,
    })
  })

  test('who is not of the team is told so, and nothing is done', async () => {
    const { acts } = await running()
    const said = await acts.types('bob', 'pin web')
    expect(said).toContain('Only members of storefront, and operators, may pin web')
    expect(said).toContain('you are in ordering (bob@example.com)')
    expect(await acts.receipts()).toEqual([])
    expect(await acts.types('olga', 'pin web')).toContain('Done: web stays at what it runs')
  })

  test('pin, unpin: pushes wait, and go on', async () => {
    const { acts } = await running()
    expect(await acts.types('ann', 'pin web “demo on Thursday”')).toContain(
      'I read: `pin web demo on Thursday`.',
    )
    expect(await acts.types('ann', 'pin web')).toContain(
      'Nothing was done to web: ann@example.com pinned the service to what it runs: demo on Thursday',
    )
    acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(10)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'pinned'])
    expect(await acts.types('ann', 'why web')).toContain('• Held (pinned): ann@example.com pinned')
    expect(await acts.types('ann', 'deploy web main')).toContain('`/caretaker unpin web` ends that')
    expect(await acts.types('ann', 'unpin web')).toContain('Done: web is not pinned any more')
    expect(await acts.types('ann', 'unpin web')).toContain('web is not pinned')
    await acts.stage.minutes(15)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'deployed'])
  })

  test('roll back goes through a freeze, to what ran well; deploy does not, but with a reason', async () => {
    const { acts, first } = await running()
    const second = acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(10)
    expect(await acts.types('ann', 'freeze web until tomorrow 9:00 the demo')).toContain(
      'Done: web is frozen until Tue 3 Mar 09:00 Europe/Berlin, 22 h',
    )
    const refused = await acts.types('ann', 'deploy web main')
    expect(refused).toContain('Nothing was done to web: ann@example.com froze roll-outs until')
    expect(refused).toContain('`thaw` ends a freeze')
    const back = await acts.types('ann', 'rollback web')
    expect(back).toContain(`Started: web goes back to main (${short(first)}), which ran`)
    await acts.stage.minutes(10)
    expect((await acts.stage.service('web')).running?.digest).toBe(first)
    expect(await acts.types('ann', `deploy web main`)).toMatch(/froze/)
    const despite = await acts.types('ann', 'retry web —despite-freeze the demo needs it')
    expect(despite).toContain(`Started: web rolls out main (${short(second)})`)
    await acts.stage.minutes(10)
    expect((await acts.stage.service('web')).running?.digest).toBe(second)
    const receipts = await acts.receipts()
    expect(receipts.at(-1)).toMatchObject({ verb: 'retry', reason: 'the demo needs it' })
  })

  test('roll back to a digest by its first digits; unknown ones are answered with candidates', async () => {
    const { acts, first } = await running()
    acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(10)
    const unknown = await acts.types('ann', 'rollback web 0123456')
    expect(unknown).toContain('no image "0123456" was rolled out here lately')
    expect(unknown).toContain(`main (${short(first)}), which ran`)
    const said = await acts.types('ann', `rollback web ${first.slice(7, 13).toUpperCase()}`)
    expect(said).toContain(`Started: web goes back to main (${short(first)})`)
  })

  test('an image that did not hold is deployed by no name, and retried when asked for', async () => {
    const { acts } = await running()
    const bad = acts.stage.push(BAD, 'web', 'main')
    await acts.stage.minutes(20)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'rolled-back'])
    expect(await acts.types('ann', 'deploy web main')).toContain(
      `To try it all the same: \`/caretaker retry web ${short(bad)}\``,
    )
    expect(await acts.types('ann', 'retry web')).toContain(`web rolls out main (${short(bad)})`)
  })
})

describe('freezes', () => {
  test('of the environment: for operators and its owner; the sweep goes on when it has ended', async () => {
    const { acts } = await running()
    expect(await acts.types('ann', 'freeze until 18:00')).toContain('Only members of platform')
    const said = await acts.types('olga', 'freeze until 11:00')
    expect(said).toContain('the environment dev is frozen until Mon 2 Mar 11:00 Europe/Berlin')
    expect(said).toMatch(/Where you are: <!date\^1772445600\^/)
    expect(await acts.types('olga', 'freeze until 10:30')).toContain('Nothing was done')
    acts.stage.push(GOOD, 'web', 'main')
    await acts.stage.minutes(5)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'frozen'])
    expect(await acts.types('ann', 'status')).toContain('Frozen: olga@example.com froze')
    expect(await acts.types('olga', 'thaw')).toContain('Done: the environment dev is not frozen')
    await acts.stage.minutes(15)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'deployed'])
  })

  test('of a team: its services wait, others do not', async () => {
    const { acts } = await running()
    expect(await acts.types('ann', 'freeze storefront until 18:00')).toContain(
      'Done: team storefront is frozen until',
    )
    acts.stage.push(GOOD, 'web', 'main')
    acts.stage.push(GOOD, 'orders', 'main')
    await acts.stage.minutes(10)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'frozen'])
    expect(acts.stage.verdicts('orders')).toEqual(['deployed'])
    expect(await acts.types('ann', 'why web')).toContain('• Held (frozen): ann@example.com froze')
    expect(await acts.types('ann', 'thaw team storefront')).toContain('Done: team storefront')
    await acts.stage.minutes(15)
    expect(acts.stage.verdicts('web')).toEqual(['deployed', 'deployed'])
  })

  test('one that cannot be read holds, is told, and is taken away by thaw', async () => {
    const { acts } = await running()
    await acts.put({ pk: 'environment', sk: 'state', frozen: null, frozenTeams: 'all of them' })
    await acts.put({ pk: 'environment', sk: 'state', frozen: 'tomorrow', version: 2 })
    expect(await acts.types('ann', 'deploy web main')).toMatch(/froze roll-outs.*it has no end/)
    expect(await acts.types('olga', 'freeze until 18:00')).toContain('`/caretaker thaw` ends that')
    expect(await acts.types('olga', 'thaw')).toContain('Done')
    await acts.put({ pk: 'environment', sk: 'state', frozenTeams: 'all of them', version: 2 })
    expect(await acts.types('ann', 'why web')).toContain('• Held (frozen): somebody froze')
    expect(await acts.types('ann', 'thaw storefront')).toContain('Done')
    expect(await acts.types('ann', 'why web')).not.toContain('Held')
  })

  test('a time that is past, and a gap: said with its zone, or refused with a question', async () => {
    const { acts } = await running()
    expect(await acts.types('ann', 'freeze web until today 8:00')).toContain(
      '"today 8:00" is past: it is Mon 2 Mar 10:1',
    )
    expect(await acts.types('ann', 'freeze web until 2026-03-29 02:30')).toContain(
      'until Sun 29 Mar 03:00 Europe/Berlin, 26 days',
    )
  })
})
