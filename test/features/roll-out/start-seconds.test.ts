import { expect, test } from 'vitest'
import { startSeconds } from '../../../functions/plan-roll-out/prepare.ts'

test.each([
  ['no check', {}, [{}], 0],
  ['a load balancer', { healthCheckGracePeriodSeconds: 240 }, [{}], 240],
  ['a check', {}, [{ healthCheck: { command: ['x'], startPeriod: 180, interval: 10 } }], 210],
  ['the defaults of ECS', {}, [{ healthCheck: { command: ['x'] } }], 90],
])('a task with %s has its time to become healthy', (_, service, containerDefinitions, seconds) => {
  expect(startSeconds(service, { containerDefinitions })).toBe(seconds)
})
