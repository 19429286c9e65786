import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pairOf } from '../../cli/verify/image.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { Desk } from '../kits/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.open()
  await desk.types('push orders')
  await desk.stage.minutes(15)
})
afterAll(() => desk.close())

/** Everything in the account whose name says that it is of a proof. */
async function remains(): Promise<string[]> {
  const { stage } = desk
  const { serviceArns } = await stage.call<{ serviceArns: string[] }>('ecs', 'ListServices', {
    cluster: 'dev-backend',
  })
  const { taskDefinitionArns } = await stage.call<{ taskDefinitionArns: string[] }>(
    'ecs',
    'ListTaskDefinitions',
    { status: 'ACTIVE' },
  )
  const { imageIds } = await stage.call<{ imageIds: { imageTag?: string }[] }>(
    'ecr',
    'ListImages',
    { repositoryName: 'orders' },
  )
  const tags = imageIds.map(({ imageTag = '' }) => imageTag)
  return [...serviceArns, ...taskDefinitionArns, ...tags].filter((one) => one.includes('verify'))
}

const imagesOfOrders = async () =>
  (
    await desk.stage.call<{ imageIds: object[] }>('ecr', 'ListImages', {
      repositoryName: 'orders',
    })
  ).imageIds

test('the two images differ from the one that runs by a label, and by a program that is nowhere', () => {
  const config = { os: 'linux', config: { Entrypoint: ['/run'], Cmd: ['-v'], User: 'app' } }
  const manifest = { layers: [{ digest: 'sha256:1' }], config: { digest: 'sha256:2', size: 9 } }
  const image = { config: JSON.stringify(config), manifest: JSON.stringify(manifest) }
  const { good, bad } = pairOf(image, 'dev-verify-1')
  const settingsOf = (one: typeof good) => JSON.parse(Buffer.from(one.config).toString()).config
  expect(settingsOf(good)).toEqual({
    ...config.config,
    Labels: { 'caretaker.verify': 'dev-verify-1-good' },
  })
  expect(settingsOf(bad)).toEqual({
    User: 'app',
    Entrypoint: ['/caretaker-verify/there-is-no-such-program'],
    Labels: { 'caretaker.verify': 'dev-verify-1-bad' },
  })
  expect(JSON.parse(bad.manifest)).toEqual({
    ...manifest,
    config: { digest: bad.configDigest, size: bad.config.length },
  })
  expect(good.digest).not.toBe(bad.digest)
})

describe('environment verify', () => {
  test('proves everything with a service of its own, and leaves nothing', async () => {
    const before = await imagesOfOrders()
    const runs = (await desk.stage.service('orders')).running?.digest
    const { code, out, told } = await desk.types(
      'environment verify --service orders --yes',
      'olga',
    )
    expect(told).toMatch(/^It makes the ECS service dev-verify-\w+ in dev-backend/)
    expect(told).toContain('costs less than $0.0')
    expect(told).toMatch(/A push is rolled out: all tasks have stayed healthy/)
    expect(told).toMatch(/rolled back, and the one before it runs: CannotStartContainerError/)
    expect(told).toContain('It sleeps when it is asked to: no task is left')
    expect(told).toMatch(/It wakes with the image it had: one task of orders:dev-verify-\w+-good/)
    expect(told).toContain('Slack was told of both roll-outs: 2 messages')
    expect(out).toBe('Proved. Everything that was made is removed.')
    expect(code).toBe(0)
    await desk.stage.minutes(60)
    expect(await remains()).toEqual([])
    expect(await imagesOfOrders()).toEqual(before)
    expect((await desk.stage.service('orders')).running?.digest).toBe(runs)
  })

  const PROVE = 'environment verify --service orders --yes'

  test('what does not hold is said, and all is removed', async () => {
    await desk.types('freeze --for 2h', 'olga')
    const { code, out, told } = await desk.types(`${PROVE} --json`, 'bob')
    await desk.types('thaw', 'olga')
    expect(code).toBe(1)
    expect(told).toMatch(/Not proved: .*: frozen and not deployed\..* that was made is removed\.$/)
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'not-proved',
      proved: [{ what: 'A service joins by its tags' }],
      left: [],
    })
    expect(await remains()).toEqual([])
  })

  test('Ctrl-C during a roll-out removes all, and Slack is told why that did not end', async () => {
    let pauses = 0
    desk.whilePausing = () => {
      pauses++
      if (pauses === 4) desk.interrupt()
    }
    const { code, told } = await desk.types(PROVE, 'bob')
    desk.whilePausing = () => {}
    expect(code).toBe(130)
    expect(told).toMatch(/Interrupted\. Everything that was made is removed\. A roll-out of it/)
    await desk.stage.minutes(60)
    expect(await remains()).toEqual([])
    expect(desk.stage.simulation.slack.messages.at(-1)?.text).toContain('is not there any more')
  })

  test('what cannot be removed is said, with the command that does it', async () => {
    const refused = (operation: string) => {
      const { operations } = desk.stage.simulation.ecr as unknown as {
        operations: Record<string, () => unknown>
      }
      const before = operations[operation] as () => unknown
      operations[operation] = () => {
        throw new AwsError('AccessDeniedException', 'not authorized')
      }
      return () => {
        operations[operation] = before
      }
    }
    const again = [refused('PutImage'), refused('BatchDeleteImage')]
    const denied = await desk.types(PROVE, 'bob')
    // Nothing was pushed: AWS has refused it.
    expect(denied).toMatchObject({ code: 2, out: '' })
    expect(denied.told).toMatch(/AccessDeniedException: not authorized$/)
    expect(denied.told).not.toContain('Not removed')
    again[0]?.()
    const { code, told } = await desk.types(PROVE, 'bob')
    again[1]?.()
    expect(code).toBe(1)
    const commands = [...told.matchAll(/Not removed: the image orders:\S+ \(.* it: (.*)/g)]
    const imageIds = commands.map(([, command = '']) => ({
      imageDigest: command.split('imageDigest=')[1],
    }))
    expect(imageIds).toHaveLength(2)
    const input = { repositoryName: 'orders', imageIds }
    expect(await desk.stage.call('ecr', 'BatchDeleteImage', input)).toMatchObject({ failures: [] })
    expect(await remains()).toEqual([])
  })

  test.each([
    ['ann', /Only members of ordering, and operators, .* does not name ann@example\.com/],
    ['eve', /eve@example\.com is in no team of the catalog/],
  ])('%s, who may not ask for its sleep, is told before anything is made', async (who, why) => {
    const calls = desk.stage.simulation.aws.calls.length
    const { code, told } = await desk.types(PROVE, who)
    expect(code).toBe(1)
    expect(told).toMatch(why)
    const made = desk.stage.simulation.aws.calls.slice(calls).map(({ operation }) => operation)
    expect(made).not.toContain('RegisterTaskDefinition')
  })

  test('without --yes and nobody to ask, nothing is made', async () => {
    const { code, told } = await desk.types('environment verify --service orders', 'bob')
    expect(code).toBe(2)
    expect(told).toMatch(/There is no terminal to ask on; use --yes\.$/)
    expect(await remains()).toEqual([])
  })
})
