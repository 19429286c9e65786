import { expect, test } from 'vitest'
import { nightCatalog } from '../../kits/nights.ts'
import { Stage } from '../../kits/roll-outs.ts'

const HOUR = 60

test('where nothing sleeps, no clock is set and no machine runs', async () => {
  const catalog = nightCatalog({
    'services/mailer.yaml': 'kind: worker\nteam: storefront\n',
    'services/payments.yaml': 'team: ordering\ndatabase: shared\n',
  })
  const stage = await Stage.open({ catalog })
  stage.push({ behaviour: 'healthy' }, 'mailer')
  stage.push({ behaviour: 'healthy' }, 'payments')
  await stage.minutes(HOUR)
  const before = stage.simulation.sfn.executions.length

  await stage.minutes(24 * HOUR)

  const since = stage.simulation.sfn.executions.slice(before)
  expect(since.map(({ input }) => input)).toEqual([])
})
