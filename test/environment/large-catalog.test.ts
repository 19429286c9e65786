import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf, type Files } from '../kits/catalog.ts'
import type { Template } from '../kits/synth.ts'

const ENVIRONMENT = readFileSync('catalog/environment.yaml', 'utf8')
const CONNECTION = 'arn:aws:codeconnections:eu-central-1:111111111111:connection/0a1b2c3d'

const KINDS = ['web', 'api', 'worker', 'job'] as const

/** What a team might write: a kind, with some of what it may ask for. */
const service = fc.record({
  kind: fc.constantFrom(...KINDS),
  team: fc.constantFrom('platform', 'storefront', 'ordering'),
  cpu: fc.constantFrom(256, 512),
  count: fc.integer({ min: 1, max: 3 }),
  spot: fc.boolean(),
  cache: fc.boolean(),
  bucket: fc.boolean(),
  files: fc.boolean(),
  secret: fc.boolean(),
  tracing: fc.boolean(),
  scaling: fc.boolean(),
  reached: fc.constantFrom('inside', 'route', 'nlb'),
  database: fc.constantFrom(undefined, 'shared', 'own'),
  depends: fc.boolean(),
  builder: fc.constantFrom(undefined, 'codepipeline', 'github-actions'),
  immutableTags: fc.boolean(),
})
type Wish = typeof service extends fc.Arbitrary<infer Value> ? Value : never

/** The file of the nth service; it may depend on the one before it, if that can be called. */
function file(wish: Wish, index: number, before: Wish | undefined): string {
  const { kind, cpu, reached, database } = wish
  const listens = kind === 'web' || kind === 'api'
  const lines = [
    `kind: ${kind}`,
    `team: ${wish.team}`,
    `cpu: ${cpu}`,
    `memory: ${cpu * 2}`,
    `count: ${wish.count}`,
    `spot: ${wish.spot}`,
    `cache: ${wish.cache}`,
    `bucket: ${wish.bucket}`,
    `tracing: ${wish.tracing}`,
    `immutableTags: ${wish.immutableTags}`,
    ...(wish.builder === undefined ? [] : [source(wish.builder, index)]),
    ...(wish.files ? ['files: /data'] : []),
    ...(wish.secret ? ['secrets: [API_KEY]'] : []),
    ...(kind === 'job' ? ['runs: rate(1 hour)'] : []),
    ...(wish.scaling && kind !== 'job' ? ['scaling: { max: 4 }'] : []),
    ...(listens && reached === 'route'
      ? [`route: { path: /${index}/*, priority: ${index + 1} }`]
      : []),
    ...(listens && reached === 'nlb' ? [`nlb: ${7000 + index}`] : []),
    ...(kind !== 'web' && database !== undefined ? [`database: ${database}`] : []),
    ...(wish.depends && (before?.kind === 'web' || before?.kind === 'api')
      ? [`dependsOn: [${nameOf(index - 1)}]`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

const source = (builder: string, index: number): string =>
  `source: { builder: ${builder}, repository: acme/${nameOf(index)}, ownerId: 1, repositoryId: ${index + 1} }`

const nameOf = (index: number): string => `service-${index}`

const filesOf = (wishes: readonly Wish[]): Files =>
  Object.fromEntries(
    wishes.map((wish, index) => [
      `services/${nameOf(index)}.yaml`,
      file(wish, index, wishes[index - 1]),
    ]),
  )

async function templates(files: Files, isValidated = false): Promise<[string, Template][]> {
  const directory = await templatesOf(
    catalogOf({ 'environment.yaml': `${ENVIRONMENT}connection: ${CONNECTION}\n`, ...files }),
    { isValidated },
  )
  return readdirSync(directory)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(directory, name), 'utf8')) as Template])
}

describe('a catalog that is read', () => {
  it('synthesizes, with nothing that cdk-nag finds unexplained', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(service, { minLength: 1, maxLength: 6 }), async (wishes) => {
        expect((await templates(filesOf(wishes), true)).length).toBeGreaterThan(wishes.length)
      }),
      { numRuns: 5, seed: 3 },
    )
  })

  it('of sixty services has no stack near the 500 resources CloudFormation allows', async () => {
    const wishes = fc.sample(service, { numRuns: 60, seed: 60 })
    const stacks = await templates(filesOf(wishes))
    expect(stacks.length).toBeGreaterThanOrEqual(62)
    for (const [name, { Resources }] of stacks) {
      expect(Object.keys(Resources).length, name).toBeLessThan(160)
    }
    // Three minutes is what is promised; on two idle cores it takes ten seconds.
  }, 180_000)
})
