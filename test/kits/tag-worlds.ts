import { readFileSync } from 'node:fs'
import { tagCaseKey, tagStateKey } from '../../domain/table/tag-keys.ts'
import type { Caller, CallRecord } from '../../local/aws/aws.ts'
import { administrator } from '../../local/simulation/identity-center.ts'
import { catalogOf } from './catalog.ts'
import { itemsOfKind } from './items.ts'
import { Stage } from './roll-outs.ts'

/** The repository's environment with one worker, a trail of its own, and nothing that sleeps. */
export function tagCatalog(
  level: 'tell' | 'act' = 'act',
  policy = '',
  watch?: readonly string[],
): string {
  const own = readFileSync('catalog/environment.yaml', 'utf8')
  const text =
    watch === undefined ? own : own.replace(/watch: \[.*\]/, `watch: [${watch.join(', ')}]`)
  return catalogOf({
    'environment.yaml': `${text.replace('tags:\n', `tags:\n${policy}`)}
trail: own
parts: { bastion: false }
features: { sleep: off, health: off, budgets: off, tags: ${level} }
`,
    'services/mailer.yaml': 'kind: worker\nteam: ordering\n',
  })
}

/** A key that nobody but people knows, in the whole account, and all steps within days. */
export const LADDER = `  where: account
  required: { cost-center: { pattern: "[0-9]{4}" } }
  ladder: { upTo: stop, markAfter: 1, stopAfter: 3 }
`

type Described = {
  Reservations: {
    Instances: { InstanceId: string; Tags: Pair[]; State: { Name: string } }[]
  }[]
}
type Pair = { Key: string; Value: string }

/** An account with one environment, in which somebody makes things. */
export class TagWorld {
  readonly stage: Stage

  private constructor(stage: Stage) {
    this.stage = stage
  }

  /** Nothing is swept but tags: other features have their own stories. */
  static async open(catalog = tagCatalog(), start?: Date): Promise<TagWorld> {
    const stage = await Stage.open({ catalog, ...(start && { start }) })
    const world = new TagWorld(stage)
    await world.#schedule('dev-sweep-schedule', 'DISABLED')
    return world
  }

  /** A stage that is open already, where everything is swept. */
  static on(stage: Stage): TagWorld {
    return new TagWorld(stage)
  }

  async #schedule(Name: string, State: 'ENABLED' | 'DISABLED'): Promise<void> {
    const schedule = await this.stage.call<Record<string, unknown>>('scheduler', 'GetSchedule', {
      Name,
    })
    const { Arn: _, CreationDate: __, LastModificationDate: ___, ...settings } = schedule
    await this.stage.call('scheduler', 'UpdateSchedule', { ...settings, State })
  }

  /** What is kept of sessions that pipelines have begun. */
  get sessions() {
    return itemsOfKind(this.stage.simulation, 'ci-session')
  }

  /** Somebody whom Identity Center has let in. */
  person(email: string): Promise<Caller> {
    return administrator(this.stage.simulation.aws, email)
  }

  /** Starts instances in the environment's network. */
  async launch(
    by: Caller,
    tags: Record<string, string> = {},
    count = 1,
    more: object = {},
  ): Promise<string[]> {
    const { Subnets } = await this.stage.call<{ Subnets: { SubnetId: string }[] }>(
      'ec2',
      'DescribeSubnets',
      {},
    )
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    const specified = Tags.length > 0 && {
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }
    const answer = (await this.stage.callAs(by, 'ec2', 'RunInstances', {
      ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro' },
      ...{ MinCount: count, MaxCount: count, SubnetId: Subnets[0]?.SubnetId },
      ...{ ...specified, ...more },
    })) as { Instances: { InstanceId: string }[] }
    return answer.Instances.map(({ InstanceId }) => InstanceId)
  }

  async #instances() {
    const { Reservations } = await this.stage.call<Described>('ec2', 'DescribeInstances', {})
    return Reservations.flatMap(({ Instances }) => Instances)
  }

  /** The tags of an instance. */
  async tags(id: string): Promise<Record<string, string>> {
    const one = (await this.#instances()).find(({ InstanceId }) => InstanceId === id)
    return Object.fromEntries((one?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
  }

  async state(id: string): Promise<string | undefined> {
    return (await this.#instances()).find(({ InstanceId }) => InstanceId === id)?.State.Name
  }

  /** The first sweep was three weeks ago: more than reports. */
  async pastReports(): Promise<void> {
    const at = new Date(this.stage.simulation.world.now - 21 * 24 * 60 * 60_000)
    await this.stage.call('dynamodb', 'PutItem', {
      TableName: 'dev-caretaker',
      Item: {
        ...{ pk: { S: tagStateKey.pk }, sk: { S: tagStateKey.sk } },
        ...{ since: { S: at.toISOString() }, version: { N: '1' } },
      },
    })
  }

  async retag(id: string, tags: Record<string, string>): Promise<void> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    await this.stage.call('ec2', 'CreateTags', { Resources: [id], Tags })
  }

  async untag(id: string, ...keys: string[]): Promise<void> {
    const Tags = keys.map((Key) => ({ Key }))
    await this.stage.call('ec2', 'DeleteTags', { Resources: [id], Tags })
  }

  /** The first line of each message about something, as it is now. */
  messages(about: string): string[] {
    return this.stage.simulation.slack.messages
      .map(({ text }) => text.split('. ')[0] ?? '')
      .filter((text) => text.includes(about))
  }

  /** What is kept of a resource (`domain/tagging/resource.ts`). */
  kept(id: string): Record<string, unknown> | undefined {
    return itemsOfKind(this.stage.simulation, 'tag-case').find(({ sk }) => sk === tagCaseKey(id).sk)
  }

  /** Until after the next daily sweep: 06:30 in Berlin's winter. */
  async nextSweep(days = 1): Promise<void> {
    const { world } = this.stage.simulation
    const day = 24 * 60 * 60_000
    const at = 5.5 * 60 * 60_000
    const next = Math.floor((world.now - at) / day) * day + at + days * day
    await world.run(next + 5 * 60_000 - world.now)
  }

  /** What `keep-tags` has changed in AWS. */
  changes(since = 0): CallRecord[] {
    return this.stage.simulation.aws.calls
      .slice(since)
      .filter(({ by, operation }) => by.endsWith('-keep-tags') && CHANGES.test(operation))
  }

  get calls(): number {
    return this.stage.simulation.aws.calls.length
  }

  /** Calls of one operation, as `keep-tags` has made them itself. */
  count(operation: string, since = 0): number {
    return this.changes(since).filter((one) => one.operation === operation).length
  }
}

const CHANGES =
  /^(Tag|Untag|Start|Stop|CreateTags|DeleteTags|CreateOrUpdateTags|AddTags|RemoveTags)/
