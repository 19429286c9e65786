import { allows, problemsOf, type TagPolicy } from '../../../domain/tagging/policy.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { Random } from '../../../local/aws/random.ts'
import { KEEPER, TagAccount } from '../tag-account.ts'

export const POLICY: TagPolicy = {
  watch: ['ec2:instance', 'ec2:volume'],
  where: 'account',
  required: {
    'caretaker:owner': { values: ['ordering', 'platform'] },
    'caretaker:environment': { default: 'dev' },
    stage: { values: ['try', 'keep'], default: 'try' },
    'cost-center': { pattern: '[0-9]{4}' },
  },
  ladder: { upTo: 'stop', markAfter: 1, stopAfter: 3 },
}
const team = (...emails: string[]) => ({
  ...{ channel: '#a', members: emails.map((email) => ({ email })), roles: [] },
})
export const CATALOG = {
  ...{ environment: 'dev', owner: 'platform', timeZone: 'Europe/Berlin' },
  teams: { ordering: team('ann@example.com'), platform: team() },
  operators: { members: [], roles: [] },
  features: { sleep: 'off', health: 'off', budgets: 'off', tags: 'act' },
} as unknown as Parameters<typeof TagAccount.open>[2]

const DUE = 'caretaker:tags-due'
const [MINUTE, DAY] = [60_000, 24 * 60 * 60_000]
const [DAYS, MOST_INSTANCES] = [9, 7]
const KEYS = ['caretaker:owner', 'stage', 'cost-center', 'Name', 'project']
const VALUES = ['ordering', 'keep', '4711', 'wrong', '']
/** Reads before which somebody may come; between the last read and the write nobody can be seen. */
const BETWEEN = /^(DescribeVpcs|DescribeSubnets|Query)$/

type Tags = Record<string, string>
type Told = { id: string; tags: Tags; by: string; at: Date }

/**
 * Nine days in an account in which people make things, change their tags, start and end them, while
 * events are lost, repeated and late, AWS is busy, or takes the half of a call. Then all heals, and
 * two sweeps follow each other.
 *
 * @returns what should not have been.
 */
export async function tagStorm(seed: number): Promise<string[]> {
  const storm = new TagStorm(await TagAccount.open(seed, POLICY, CATALOG), seed)
  for (let day = 0; day < DAYS; day++) await storm.day()
  return storm.heal()
}

class TagStorm {
  readonly #account: TagAccount
  readonly #random: Random
  /** What people have put on each instance, which nobody else may change. */
  readonly #theirs = new Map<string, Tags>()
  readonly #wrong: string[] = []
  #late: Told[] = []
  #busy = 0
  #failing = new Set<string>()
  #between: (() => void) | undefined

  constructor(account: TagAccount, seed: number) {
    this.#account = account
    this.#random = new Random(seed)
    account.aws.guards.push((call) => {
      if (call.caller.name === KEEPER.name) this.#keeps(call.service, call.operation, call.input)
    })
  }

  #chance = (share: number): boolean => this.#random.chance('storm', share)
  #pick<Item>(items: readonly Item[]): Item {
    const at = Math.floor(this.#random.between('storm/pick', 0, items.length))
    return items[at] as Item
  }

  /** Looks at each call of the keeper, lets AWS be busy, and somebody come in between. */
  #keeps(service: string, operation: string, input: Record<string, unknown>): void {
    if (operation === 'CreateTags') this.#written(input)
    if (
      operation === 'DeleteTags' &&
      JSON.stringify(input.Tags) !== JSON.stringify([{ Key: DUE }])
    ) {
      this.#wrong.push(`took off ${JSON.stringify(input.Tags)}`)
    }
    if (operation === 'StopInstances') this.#stopped(input.InstanceIds as string[])
    if (BETWEEN.test(operation) && this.#between !== undefined && this.#chance(0.5)) {
      this.#between()
      this.#between = undefined
    }
    if (service !== 'dynamodb' && this.#chance(this.#busy)) {
      throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { statusCode: 503 })
    }
  }

  #written({ Resources = [], Tags = [] }: Record<string, unknown>): void {
    for (const id of Resources as string[]) {
      const now = this.#account.tags(id) ?? {}
      for (const { Key, Value } of Tags as { Key: string; Value: string }[]) {
        if (Key !== DUE && Key in now) this.#wrong.push(`wrote ${Key} over on ${id}`)
        const rule = POLICY.required[Key]
        if (Key !== DUE && (rule === undefined || !allows(rule, Value))) {
          this.#wrong.push(`wrote ${Key}=${Value}`)
        }
      }
      if (this.#failing.delete(id)) {
        throw new AwsError('InternalError', 'An internal error has occurred', { statusCode: 500 })
      }
    }
  }

  #stopped(ids: readonly string[]): void {
    for (const id of ids) {
      const tags = this.#account.tags(id) ?? {}
      if (problemsOf(POLICY, tags).length === 0)
        this.#wrong.push(`stopped ${id}, which is complete`)
      if (!(DUE in tags)) this.#wrong.push(`stopped ${id}, which is not marked`)
    }
  }

  async day(): Promise<void> {
    for (let acts = this.#pick([0, 1, 2, 3]); acts > 0; acts--) await this.#act()
    this.#busy = this.#pick([0, 0, 0, 0.05, 0.3])
    const ids = [...this.#theirs.keys()]
    this.#failing = new Set(ids.filter(() => this.#chance(0.15)))
    this.#between =
      ids.length > 0 && this.#chance(0.4) ? () => this.#retag(this.#pick(ids)) : undefined
    for (const told of this.#late.splice(0)) await this.#tell(told)
    await this.#account.run(DAY - (this.#account.world.now % DAY) + 5.5 * 60 * MINUTE)
    for (let sweeps = this.#pick([0, 1, 1, 1, 2]); sweeps > 0; sweeps--) await this.#account.sweep()
    this.#busy = 0
    if (this.#chance(0.7)) await this.#account.accept()
    this.#look()
  }

  async #act(): Promise<void> {
    const ids = [...this.#theirs.keys()]
    if (ids.length < MOST_INSTANCES && this.#chance(0.5)) return this.#launch()
    if (ids.length === 0) return
    const id = this.#pick(ids)
    if (this.#chance(0.7)) return this.#retag(id)
    const stopped = this.#account.state(id) === 'stopped'
    const operation = stopped ? 'StartInstances' : 'TerminateInstances'
    if (!stopped && !this.#chance(0.5)) return
    await this.#account.call('ec2', operation, { InstanceIds: [id] })
    if (!stopped) this.#theirs.delete(id)
  }

  async #launch(): Promise<void> {
    const tags = this.#someTags()
    const at = this.#account.world.date
    const id = await this.#account.launch(tags)
    this.#theirs.set(id, tags)
    const told = { id, tags, at, by: this.#pick(['ann@example.com', 'stranger']) }
    await this.#account.run(MINUTE)
    const fate = this.#pick(['lost', 'told', 'told', 'twice', 'late'])
    if (fate === 'late') this.#late.push(told)
    if (fate === 'told' || fate === 'twice') await this.#tell(told)
    if (fate === 'twice') await this.#tell(told)
  }

  async #tell({ id, tags, by, at }: Told): Promise<void> {
    await this.#account.tell(id, tags, by, at)
  }

  #someTags(): Tags {
    const keys = KEYS.filter(() => this.#chance(0.35))
    return Object.fromEntries(keys.map((key) => [key, this.#pick(VALUES)]))
  }

  /** Somebody sets some tags and takes another off, which may be one of ours. */
  #retag(id: string): void {
    const theirs = this.#theirs.get(id)
    if (theirs === undefined) return
    const [set, off] = [this.#someTags(), this.#chance(0.3) ? [this.#pick(KEYS)] : []]
    this.#account.retag(id, set, off)
    for (const key of off) delete theirs[key]
    Object.assign(theirs, set)
  }

  #look(): void {
    for (const [id, theirs] of this.#theirs) {
      const now = this.#account.tags(id)
      for (const [key, value] of Object.entries(theirs)) {
        if (now?.[key] !== value) this.#wrong.push(`${key} of ${id} was ${value}, is ${now?.[key]}`)
      }
    }
  }

  /** Nothing fails any more: what is known is there, and a second sweep in a row writes nothing. */
  async heal(): Promise<string[]> {
    this.#failing.clear()
    this.#between = undefined
    for (const told of this.#late.splice(0)) await this.#tell(told)
    await this.#account.accept()
    // Some time after whatever is due then: no time ends between the two.
    await this.#account.run(DAY + 60 * MINUTE)
    if (!(await this.#account.sweep())) this.#wrong.push('a calm sweep failed')
    await this.#account.accept()
    const from = this.#account.aws.calls.length
    await this.#account.sweep()
    const again = this.#account.aws.calls
      .slice(from)
      .filter(({ by, service }) => by.endsWith(KEEPER.name) && service !== 'dynamodb')
      .filter(({ operation }) => !/^(Describe|Get|List)/.test(operation))
    for (const { operation, resource } of again) {
      this.#wrong.push(`the second sweep called ${operation} ${resource}`)
    }
    this.#look()
    return this.#wrong
  }
}
