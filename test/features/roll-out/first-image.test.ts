import { beforeAll, describe, expect, it } from 'vitest'
import { catalogOf } from '../../kits/catalog.ts'
import { Stage } from '../../kits/roll-outs.ts'

let catalog: string
beforeAll(() => {
  catalog = catalogOf({
    'services/orders.yaml': 'team: ordering\nport: 8080\nscaling: { min: 2, max: 4 }\n',
  })
})

type Targets = { ScalableTargets: { MinCapacity: number; MaxCapacity: number }[] }

async function bounds(stage: Stage) {
  const { ScalableTargets } = await stage.call<Targets>(
    'application-auto-scaling',
    'DescribeScalableTargets',
    { ServiceNamespace: 'ecs' },
  )
  return ScalableTargets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity])
}

describe('the first image of a service that is scaled', () => {
  it('gives its scaling the least that the catalog says, without a deployment', async () => {
    const stage = await Stage.open({ catalog })
    stage.push({ behaviour: 'crashes', exitCode: 1 })
    await stage.minutes(20)
    // Scaling would start again what was undone.
    expect([await bounds(stage), (await stage.service()).desired]).toEqual([[[0, 4]], 0])
    stage.push({ behaviour: 'healthy' })
    await stage.minutes(15)
    expect([await bounds(stage), (await stage.service()).desired]).toEqual([[[2, 4]], 2])
    await stage.call('application-auto-scaling', 'RegisterScalableTarget', {
      ...{ ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' },
      ...{ ResourceId: 'service/dev-backend/orders', MinCapacity: 1 },
    })
    stage.push({ behaviour: 'healthy' })
    await stage.minutes(15)
    // What somebody has set since is theirs.
    expect(await bounds(stage)).toEqual([[1, 4]])
  })

  it.each([
    { leaves: 'opts out', tag: { key: 'caretaker:repository', value: ' ' } },
    { leaves: 'joins another environment', tag: { key: 'caretaker:environment', value: 'test' } },
  ])('changes no scaling of a service that $leaves before it holds', async ({ tag }) => {
    const stage = await Stage.open({ catalog })
    stage.push({ behaviour: 'healthy' })
    await stage.minutes(2)
    const resourceArn = 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders'
    await stage.call('ecs', 'TagResource', { resourceArn, tags: [tag] })
    await stage.minutes(15)
    expect(await bounds(stage)).toEqual([[0, 4]])
  })
})
