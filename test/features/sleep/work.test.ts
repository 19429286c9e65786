import { beforeAll, expect, it } from 'vitest'
import { DATABASE, statusOf } from '../../kits/hands.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog } from '../../kits/nights.ts'

const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: office-hours\n',
}

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES)
})

const said = (night: Night, words: string) =>
  night.stage.simulation.slack.messages.filter(({ text }) => text.includes(words))

it('a database and a task are waited for; after an hour it is told what holds them', async () => {
  const night = await Night.open(catalog, ['payments', 'mailer'], new Date('2026-03-02T18:20:00Z'))
  const { stage } = night
  await night.until('2026-03-02T19:58')
  const { taskArns: tasks } = await stage.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
    ...{ cluster: 'dev-backend', serviceName: 'mailer' },
  })
  const protect = { cluster: 'dev-backend', tasks, protectionEnabled: true }
  await stage.call('ecs', 'UpdateTaskProtection', { ...protect, expiresInMinutes: 80 })
  // AWS changes the database's class from now on, and takes no stop meanwhile.
  await stage.call('rds', 'ModifyDBInstance', {
    ...{ DBInstanceIdentifier: DATABASE, DBInstanceClass: 'db.t4g.small' },
    PreferredBackupWindow: '02:00-02:30',
    ApplyImmediately: true,
  })
  const calls = night.calls
  await night.until('2026-03-02T20:10')
  expect(await night.sizes()).toEqual({ payments: '0/0', mailer: '1/0' })
  expect(night.changes(calls).filter((one) => one.includes('failed'))).toEqual([])
  await night.until('2026-03-02T20:55')
  expect(said(night, 'does not sleep yet')).toEqual([])
  expect(await statusOf(night)).toBe('stopped')
  await night.until('2026-03-02T21:05')
  const [told, ...more] = said(night, 'mailer does not sleep yet')
  expect(more).toEqual([])
  expect(told?.text).toMatch(/unable to scale in .*under protection.*, since 20:00/)
  await night.until('2026-03-02T21:25')
  expect(await night.sizes()).toEqual({ payments: '0/0', mailer: '0/0' })
  expect(said(night, 'is not where it should be')).toEqual([])
  // Once for the database: somebody has moved its backups to the night.
  expect(said(night, 'database dev-payments-database sleeps when')).toHaveLength(1)
  expectInvariants(night.recording)
})
