import type {
  DescribeServicesResponse,
  ListServiceDeploymentsResponse,
  ListTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { GOOD, Stage } from '../kits/roll-outs.ts'

const NAMED = { cluster: 'dev-backend', service: 'orders' }

/** A service of two revisions, and what reads answer for half a minute after a change, by the second. */
async function afterUpdate(stale: number) {
  const stage = await Stage.open()
  stage.push(GOOD)
  await stage.minutes(6)
  const { taskDefinitionArns = [] } = await stage.call<ListTaskDefinitionsResponse>(
    'ecs',
    'ListTaskDefinitions',
    { familyPrefix: 'dev-orders' },
  )
  const before = await read(stage)
  stage.simulation.faults.set({ stale })
  const update = { ...NAMED, taskDefinition: taskDefinitionArns[0] }
  await stage.call('ecs', 'UpdateService', update)
  const seen = [await read(stage)]
  for (let second = 1; second <= 31; second++) {
    await stage.minutes(1 / 60)
    seen.push(await read(stage))
  }
  const shown = (answer: { runs: string | undefined; listed: number }) => ({
    described: answer.runs !== before.runs,
    listed: answer.listed > before.listed,
  })
  return seen.map(shown)
}

async function read(stage: Stage) {
  const { services: [service] = [] } = await stage.call<DescribeServicesResponse>(
    'ecs',
    'DescribeServices',
    { cluster: NAMED.cluster, services: [NAMED.service] },
  )
  const { serviceDeployments = [] } = await stage.call<ListServiceDeploymentsResponse>(
    'ecs',
    'ListServiceDeployments',
    NAMED,
  )
  return { runs: service?.taskDefinition, listed: serviceDeployments.length }
}

test('reads show a change at once', async () => {
  expect((await afterUpdate(0))[0]).toEqual({ described: true, listed: true })
})

test('stale reads show it after some seconds, the service and the list each in its time', async () => {
  const seen = await afterUpdate(1)
  expect(seen[0]).toEqual({ described: false, listed: false })
  const [described, listed] = [
    seen.findIndex((one) => one.described),
    seen.findIndex((one) => one.listed),
  ]
  expect(described).not.toBe(listed)
  expect(seen.slice(described).every((one) => one.described)).toBe(true)
  expect(seen.at(-1)).toEqual({ described: true, listed: true })
})
