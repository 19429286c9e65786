import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readItem } from '../../../domain/table/read.ts'
import type { TagCase } from '../../../domain/table/tag-case.ts'
import { lookAt } from '../../../domain/tagging/look.ts'
import { allows, type TagPolicy } from '../../../domain/tagging/policy.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { fix } from '../../../functions/keep-tags/fix.ts'
import type { Sources } from '../../../functions/keep-tags/sources.ts'

const POLICY: TagPolicy = {
  watch: ['ec2:instance', 'autoscaling:group'],
  where: 'account',
  required: {
    'caretaker:owner': { values: ['ordering', 'platform'] },
    'caretaker:environment': { default: 'dev' },
    stage: { values: ['try', 'keep'], default: 'try' },
  },
  ladder: { upTo: 'tell', markAfter: 3, stopAfter: 7 },
}
const TEAM = { channel: '#a', members: [], roles: [] }
const CATALOG = {
  ...{ environment: 'dev', owner: 'platform', teams: { ordering: TEAM, platform: TEAM } },
  operators: { members: [], roles: [] },
}
const PLACES = { environment: 'dev', networks: new Map(), clusters: [] }

/** What goes wrong in a sweep: which ARNs fail, at which call AWS refuses all, what a person does. */
type Faults = { failing: number[]; throws: number; person: { at: number; key: string }[] }
const NONE: Faults = { failing: [], throws: -1, person: [] }

/** Resources, the first of them a group to which every third one belongs. */
class Account {
  readonly resources: Resource[]
  readonly cases = new Map<string, TagCase>()
  writes = 0
  #faults = NONE
  #calls = 0

  constructor(tags: readonly Record<string, string>[]) {
    this.resources = tags.map((own, place) => ({
      ...{ id: place === 0 ? 'group/g' : `instance/${place}`, arn: `arn:${place}`, name: '' },
      ...{ type: place === 0 ? 'autoscaling:group' : 'ec2:instance', tags: { ...own } },
      ...{ runs: true, ...(place > 0 && place % 3 === 0 && { parent: 'group/g' }) },
    }))
  }

  /** A sweep as far as tags are written; one that AWS has refused is over. */
  async sweep(faults: Faults): Promise<void> {
    this.#faults = faults
    this.#calls = 0
    const rules = { policy: POLICY, catalog: CATALOG, places: PLACES }
    const { looked } = lookAt(rules, structuredClone(this.resources), this.cases)
    for (const { at, key } of faults.person) {
      const one = this.resources[at % this.resources.length]
      if (one !== undefined) one.tags[key] ??= 'keep'
    }
    try {
      await fix(this.#sources, looked)
    } catch (error) {
      expect((error as Error).message).toBe('throttled')
    }
  }

  get #sources(): Sources {
    const reader = (type: Resource['type']) => ({
      type,
      list: async () => [],
      read: async (named: readonly { id: string }[]) =>
        structuredClone(this.resources.filter((one) => named.some(({ id }) => id === one.id))),
    })
    const client = {
      send: async ({ input }: { input: { Item: Parameters<typeof unmarshall>[0] } }) => {
        const one = readItem('tag-case', unmarshall(input.Item))
        this.cases.set(one.id, one)
        return {}
      },
    } as unknown as DynamoDBClient
    const log = { info: () => {}, error: () => {} } as unknown as Sources['log']
    return {
      ...{ policy: POLICY, log, now: new Date('2026-03-02T05:30:00Z'), pause: async () => {} },
      catalog: CATALOG as unknown as Sources['catalog'],
      table: { client, name: 'table' },
      tagging: { send: this.#tag } as unknown as ResourceGroupsTaggingAPIClient,
      readers: new Map(POLICY.watch.map((type) => [type, reader(type)])),
      ...({} as Pick<Sources, 'ec2' | 'rds'>),
    }
  }

  readonly #tag = async ({ input }: { input: { ResourceARNList: string[]; Tags: object } }) => {
    if (this.#calls++ === this.#faults.throws) throw new Error('throttled')
    expect(input.ResourceARNList.length).toBeLessThanOrEqual(20)
    const failed = input.ResourceARNList.filter((arn) => this.#fails(arn))
    for (const one of this.resources) {
      if (!input.ResourceARNList.includes(one.arn) || failed.includes(one.arn)) continue
      for (const [key, value] of Object.entries(input.Tags)) {
        // Only what is absent is sent: the person was before the read.
        expect(one.tags).not.toHaveProperty([key])
        one.tags[key] = value
        this.writes += 1
      }
    }
    const failure = { StatusCode: 500, ErrorCode: 'InternalServiceException', ErrorMessage: '' }
    return { FailedResourcesMap: Object.fromEntries(failed.map((arn) => [arn, failure])) }
  }

  #fails(arn: string): boolean {
    return this.#faults.failing.some((at) => `arn:${at % this.resources.length}` === arn)
  }
}

const key = fc.constantFrom('caretaker:owner', 'caretaker:environment', 'stage', 'Name', 'other')
const value = fc.constantFrom('ordering', 'dev', 'keep', 'wrong', '')
const tags = fc.array(fc.dictionary(key, value, { maxKeys: 4 }), { minLength: 2, maxLength: 50 })
const index = fc.nat(49)
const faults = fc.record({
  failing: fc.array(index, { maxLength: 10 }),
  throws: fc.integer({ min: -1, max: 4 }),
  person: fc.array(fc.record({ at: index, key }), { maxLength: 5 }),
})

it('2,000 accounts whose sweeps fail in every way: once they heal, all that is known is there, and the second writes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(tags, fc.array(faults, { maxLength: 2 }), async (all, troubled) => {
      const account = new Account(all)
      for (const one of troubled) await account.sweep(one)
      await account.sweep(NONE)
      account.writes = 0
      await account.sweep(NONE)
      expect(account.writes).toBe(0)
      const isOf = (own: Record<string, string> = {}) =>
        (own['caretaker:environment'] ?? 'dev') === 'dev'
      for (const [place, { tags: after, parent }] of account.resources.entries()) {
        expect(after).toMatchObject(all[place] ?? {})
        // A member of another environment's group is that environment's.
        const isOurs = isOf(after) && (parent === undefined || isOf(account.resources[0]?.tags))
        if (isOurs) expect(after).toHaveProperty('stage')
        const written = Object.entries(after).filter(([name]) => !(name in (all[place] ?? {})))
        for (const [name, text] of written) {
          const rule = POLICY.required[name]
          if (rule !== undefined && text !== 'keep') expect(allows(rule, text)).toBe(true)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
