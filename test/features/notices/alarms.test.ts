import { expect, it } from 'vitest'
import { episodes, tell } from '../../kits/alarms.ts'
import { Stage } from '../../kits/roll-outs.ts'

const NAME = 'dev-web-errors'

it('an alarm that turns red is recorded once, however often its event comes', async () => {
  const stage = await Stage.open()
  for (let time = 0; time < 5; time++) {
    tell(stage, {
      name: NAME,
      value: 'ALARM',
      at: '2026-03-02T09:00:10.500Z',
      previous: { value: 'OK', at: '2026-03-02T08:00:00.000Z' },
      reason: 'Threshold Crossed',
    })
  }
  await stage.minutes(1)
  expect(episodes(stage)).toMatchObject([
    {
      owner: 'storefront',
      verdict: 'red',
      at: '2026-03-02T09:00:10Z',
      reason: 'Threshold Crossed',
      detail: { name: NAME, service: 'web', serviceId: 'dev-frontend/web', severity: 'look' },
    },
  ])
})
