import { expect, it } from 'vitest'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders'

it.each([
  [
    'is given to another environment',
    'TagResource',
    { tags: [{ key: 'caretaker:environment', value: 'other' }] },
  ],
  ['opts out', 'UntagResource', { tagKeys: ['caretaker:repository'] }],
])(
  'a push that waits has its verdict when the service %s meanwhile',
  async (_, operation, input) => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(10)
    stage.push(GOOD)
    await stage.minutes(1)
    stage.push(GOOD)
    await stage.minutes(0.2)
    await stage.call('ecs', operation, { resourceArn: ARN, ...input })
    await stage.minutes(20)
    expect(stage.verdicts()).toEqual(['deployed', 'deployed', 'not-taken'])
    const last = stage.simulation.records.all.filter(({ service }) => service === 'orders').at(-1)
    expect(last?.reason).toBe(
      'the service was deleted, opted out or was given away while this push waited',
    )
  },
)
