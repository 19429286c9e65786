import { describe, expect, it } from 'vitest'
import type { ImageDescription } from '../../../local/aws/ecr/image.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

/** Its tasks start well, and crash before the two minutes are over for which an image is watched. */
const CRASHES: ImageDescription = { behaviour: 'crashes', exitCode: 1, after: 100 }
const SERVICE = { cluster: 'dev-backend', service: 'orders' }

const opened = async () => {
  const stage = await Stage.open()
  const first = stage.push(GOOD)
  await stage.minutes(10)
  return { stage, first }
}

const scale = (stage: Stage, desiredCount: number) =>
  stage.call('ecs', 'UpdateService', { ...SERVICE, desiredCount })

/** What docs/operations/roll-back.md says to type. */
const ask = (stage: Stage, digest: string) =>
  stage.call('sfn', 'StartExecution', {
    stateMachineArn: stage.simulation.aws.arn('states', 'stateMachine:dev-roll-out'),
    input: JSON.stringify({ service: 'orders', digest, by: 'ana', reason: 'try it', retry: true }),
  })

const runs = async (stage: Stage) => (await stage.service()).running?.digest

describe('no image runs that nobody has watched', () => {
  it('a person who asks for the image that is being rolled out does not end its roll-out', async () => {
    const { stage, first } = await opened()
    const second = stage.push(CRASHES)
    await stage.simulation.world.run(10_000)
    await ask(stage, second)
    await stage.minutes(20)
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back', 'unchanged'])
    expect(await runs(stage)).toBe(first)
  })

  it('what a person asked for while the service slept is watched when it wakes', async () => {
    const { stage, first } = await opened()
    const second = stage.push(CRASHES)
    stage.push(GOOD)
    await stage.minutes(10)
    const third = await runs(stage)
    await scale(stage, 0)
    await stage.minutes(10)
    await ask(stage, second)
    await stage.minutes(10)
    expect(stage.verdicts().at(-1)).toBe('staged')
    await scale(stage, 1)
    await stage.minutes(30)
    expect(stage.verdicts().at(-1)).toBe('rolled-back')
    expect(await runs(stage)).toBe(third)
    expect(third).not.toBe(first)
  })

  it('and what holds then stays, as a person asked for it', async () => {
    const { stage, first } = await opened()
    stage.push(GOOD)
    await stage.minutes(10)
    await scale(stage, 0)
    await stage.minutes(10)
    await ask(stage, first)
    await stage.minutes(10)
    await scale(stage, 1)
    await stage.minutes(60)
    expect(stage.verdicts()).toEqual(['deployed', 'deployed', 'deployed'])
    expect(await runs(stage)).toBe(first)
    const { records } = stage.simulation
    expect(records.state('dev-backend/orders')?.latest).toMatchObject({ by: 'ana' })
    expect(records.verdicts.at(-1)?.reason).toMatch(/healthy for/)
  })

  it('what was staged is watched when the service wakes, also when its tag is gone by then', async () => {
    const { stage, first } = await opened()
    await scale(stage, 0)
    await stage.minutes(10)
    stage.push(CRASHES)
    await stage.minutes(10)
    const gone = { repositoryName: 'orders', imageIds: [{ imageTag: 'main' }] }
    await stage.call('ecr', 'BatchDeleteImage', gone)
    await scale(stage, 1)
    await stage.minutes(30)
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
    expect(await runs(stage)).toBe(first)
  })

  it('a service that is woken while its image is being staged has that image watched', async () => {
    const { stage, first } = await opened()
    await scale(stage, 0)
    await stage.minutes(10)
    stage.push(CRASHES)
    await stage.simulation.world.run(1000)
    await scale(stage, 1)
    await stage.minutes(30)
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
    expect(await runs(stage)).toBe(first)
  })

  it('an image that fails is not ended for a push that cannot take its place', async () => {
    const { stage, first } = await opened()
    const deploymentCircuitBreaker = { enable: false, rollback: false }
    const own = { ...SERVICE, deploymentConfiguration: { deploymentCircuitBreaker } }
    await stage.call('ecs', 'UpdateService', own)
    stage.push({ behaviour: 'crashes', exitCode: 137 })
    await stage.minutes(2)
    // The service's tasks are of another processor.
    stage.push({ behaviour: 'healthy', architectures: ['linux/amd64'] })
    await stage.minutes(60)
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back', 'refused'])
    expect(await runs(stage)).toBe(first)
  })

  it('an image that did not hold while its service had opted out is gone back from afterwards', async () => {
    const { stage, first } = await opened()
    stage.push(CRASHES)
    await stage.minutes(2)
    const resourceArn = stage.simulation.aws.arn('ecs', 'service/dev-backend/orders')
    await stage.call('ecs', 'UntagResource', { resourceArn, tagKeys: ['caretaker:repository'] })
    await stage.minutes(10)
    expect(stage.verdicts()).toEqual(['deployed', 'failed'])
    const tags = [{ key: 'caretaker:repository', value: 'orders' }]
    await stage.call('ecs', 'TagResource', { resourceArn, tags })
    await stage.minutes(90)
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
    expect(await runs(stage)).toBe(first)
  })
})

it('a tag that comes back to the image under way, after somebody deployed another, is followed', async () => {
  const { stage } = await opened()
  const { ecr } = stage.simulation
  const second = stage.push(GOOD)
  await stage.minutes(1.5)
  const theirs = { ...SERVICE, taskDefinition: 'dev-orders:2' }
  await stage.call('ecs', 'UpdateService', theirs)
  await stage.simulation.world.run(1000)
  stage.push(GOOD)
  ecr.push({ repository: 'orders', tag: 'main', digest: second })
  await stage.minutes(20)
  expect(await runs(stage)).toBe(second)
})
