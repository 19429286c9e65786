import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { folderWith, imported, inputsOf } from '../kits/imports.ts'
import { Stage } from '../kits/roll-outs.ts'

const filesOf = (format: 'compose' | 'copilot' | 'score', name: string) =>
  inputsOf(format).find((one) => one.name === name)?.files ?? {}

const COMPOSE = filesOf('compose', 'django-celery')
const COPILOT = filesOf('copilot', 'load-balanced')
const SCORE = filesOf('score', 'web-and-db')

/** One input of each format, imported one after the other into one catalog, without a change by hand. */
describe('what was imported is deployed, and answers', () => {
  let stage: Stage
  let printed: ReturnType<typeof imported>[]

  beforeAll(async () => {
    const folder = folderWith({ ...COMPOSE, ...COPILOT, ...SCORE })
    printed = [
      imported('compose', folder, Object.keys(COMPOSE)),
      imported('copilot', folder, Object.keys(COPILOT), { environment: ['test'] }),
      imported('score', folder, Object.keys(SCORE)),
    ]
    stage = await Stage.open({ catalog: join(folder, 'catalog') })
    // Copilot’s users have it; its stacks and parameters stay.
    const token = { Name: 'GITHUB_TOKEN', Value: 'a token', Type: 'SecureString' }
    await stage.call('ssm', 'PutParameter', token)
    for (const repository of stage.simulation.repositories) stage.push(undefined, repository)
    await stage.minutes(30)
  }, 120_000)

  const answers = async (url: string) => (await stage.simulation.traffic.request(url)).by?.service

  it('each service runs what was pushed; the parts of a Compose project follow one repository', async () => {
    expect(printed.map(({ catalogs }) => catalogs.map(({ catalog }) => catalog))).toEqual([
      ...Array.from({ length: 3 }, () => ['catalog']),
    ])
    expect(stage.simulation.repositories).toEqual(['backstage', 'site', 'web'])
    for (const name of ['site', 'worker', 'beat', 'flower', 'web', 'backstage']) {
      expect(stage.verdicts(name), name).toEqual(['deployed'])
      expect(await stage.service(name), name).toMatchObject({ asAsked: true, healthy: true })
    }
  })

  it('the Django site of Compose answers for what nobody else takes, after its migration; flower at its path', async () => {
    expect(await answers('http://dev.example.com/cart')).toBe('site')
    expect(await answers('http://dev.example.com/flower/tasks')).toBe('flower')
    expect(stage.calls('RunTask')).toBeGreaterThan(0)
  })

  it('the Load Balanced Web Service of Copilot answers at its host names, whatever the path', async () => {
    expect(await answers('http://www.shop.example.com/')).toBe('web')
    expect(await answers('http://shop.example.com/flower')).toBe('web')
  })

  it('the workload of Score, whose path another service has, answers below its name', async () => {
    expect(await answers('http://dev.example.com/backstage/catalog')).toBe('backstage')
  })
})
