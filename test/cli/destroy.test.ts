import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { kindOf } from '../../cli/destroy/data.ts'
import { destroy } from '../../cli/destroy/destroy.ts'
import type { Operations } from '../../local/aws/aws.ts'
import { Ecr } from '../../local/aws/ecr/ecr.ts'
import { Sts } from '../../local/aws/sts/sts.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account } from '../kits/account.ts'

const HERE = 'eu-central-1:123456789012'

describe('what holds data', () => {
  test.each([
    ['arn:aws:s3:::dev-bucket', 'bucket', 'dev-bucket'],
    [`arn:aws:ecr:${HERE}:repository/team/orders`, 'repository of images', 'team/orders'],
    [`arn:aws:elasticfilesystem:${HERE}:file-system/fs-1`, 'file system', 'fs-1'],
    [`arn:aws:rds:${HERE}:snapshot:orders-final`, 'final snapshot of a database', 'orders-final'],
    [`arn:aws:dynamodb:${HERE}:table/dev-caretaker`, "Caretaker's record", 'dev-caretaker'],
  ])('%s is a %s', (arn, what, name) => {
    expect(kindOf(arn)).toMatchObject({ kind: { what }, name })
  })

  test.each([
    `arn:aws:rds:${HERE}:db:dev-database`,
    `arn:aws:ecs:${HERE}:service/dev-backend/orders`,
    `arn:aws:elasticfilesystem:${HERE}:access-point/fsap-1`,
    `arn:aws:secretsmanager:${HERE}:secret:dev/orders-x`,
  ])('%s does not', (arn) => {
    expect(kindOf(arn)).toBeUndefined()
  })
})

/** An account with two standing stacks, a tagged repository with an image, and one of others. */
async function open(typed: string) {
  const { aws } = new Account([Sts, Tagging])
  const ecr = new Ecr(aws)
  const stacks = new Set(['DevEnvironment', 'DevService-orders'])
  const cloudFormation = {
    DescribeStacks: () => ({
      Stacks: [...stacks].map((StackName) => ({ StackName, StackStatus: 'CREATE_COMPLETE' })),
    }),
    GetTemplate: () => ({ TemplateBody: '{"Resources":{}}' }),
  }
  const operations = cloudFormation as unknown as Operations
  for (const service of [ecr, { id: 'cloudformation', operations }]) aws.register(service)
  const person = { kind: 'person', name: 'ann' } as const
  for (const [repositoryName, environment] of [
    ['orders', 'dev'],
    ['other', 'test'],
  ] as const) {
    const tags = [{ Key: 'caretaker:environment', Value: environment }]
    await aws.call('ecr', 'CreateRepository', { repositoryName, tags }, person)
    ecr.push({ repository: repositoryName, tag: 'main' })
  }
  await aws.world.run(60_000)
  const said: string[] = []
  const words: string[][] = []
  const run = async (deleteData: boolean) =>
    destroy(
      await templatesOf(),
      readCatalog('catalog').environment,
      { deleteData },
      {
        configuration: sdkConfiguration(aws, person),
        cdk: async (given) => {
          words.push([...given])
          stacks.clear()
        },
        print: (line) => said.push(line),
        ask: async () => typed,
        sleep: (milliseconds) => aws.world.run(milliseconds),
        interrupted: new AbortController().signal,
      },
    )
  const repositories = async () => {
    const { repositories: found } = await aws.call<{
      repositories: { repositoryName: string }[]
    }>('ecr', 'DescribeRepositories', {}, person)
    return found.map(({ repositoryName }) => repositoryName)
  }
  return { run, said, words, repositories }
}

describe('npx caretaker environment destroy', () => {
  it('does nothing unless the environment’s name is typed', async () => {
    const { run, said, words } = await open('yes')
    expect(await run(true)).toBe(false)
    expect(words).toEqual([])
    expect(said.at(-1)).toBe('"yes" is not "dev". Nothing was changed.')
  })

  it('deletes the stacks that stand and keeps the data, saying which', async () => {
    const { run, said, words, repositories } = await open('dev')
    expect(await run(false)).toBe(true)
    const [[verb, ...names] = []] = words
    expect(verb).toBe('destroy')
    expect(names.slice(0, 2)).toEqual(['DevEnvironment', 'DevService-orders'])
    expect(names.slice(-1)).toEqual(['--force'])
    expect(said.at(-1)).toMatch(/^kept: repository of images orders/)
    expect(await repositories()).toEqual(['orders', 'other'])
  })

  it('with --delete-data deletes it too, and nothing of another environment', async () => {
    const { run, said, repositories } = await open('dev')
    expect(await run(true)).toBe(true)
    expect(said[0]).toContain('ALL DATA IS DELETED')
    expect(said.at(-1)).toBe('deleted: repository of images orders')
    expect(await repositories()).toEqual(['other'])
    expect(await run(false)).toBe(true)
    expect(said.at(-1)).toMatch(/^There is no environment dev/)
  })
})
