import type { Logger } from '@aws-lambda-powertools/logger'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { messageKey } from '../../domain/table/keys.ts'
import { TAG_NOTICE, tagStateKey } from '../../domain/table/tag-keys.ts'
import type { TagPolicy } from '../../domain/tagging/policy.ts'
import { seeMade } from '../../functions/keep-tags/made.ts'
import { readersOf } from '../../functions/keep-tags/read/all.ts'
import { seeSession } from '../../functions/keep-tags/sessions.ts'
import type { Sources } from '../../functions/keep-tags/sources.ts'
import { sweepTags } from '../../functions/keep-tags/sweep.ts'
import type { Caller } from '../../local/aws/aws.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { until } from '../../local/scenario/until.ts'
import { Account } from './account.ts'

export const KEEPER: Caller = { kind: 'function', name: 'dev-keep-tags' }
const TABLE = 'dev-caretaker'

/** What a client of the SDK sends, by the class of the client. */
const SERVICES: Readonly<Record<string, string>> = {
  DynamoDBClient: 'dynamodb',
  EC2Client: 'ec2',
  ResourceGroupsTaggingAPIClient: 'resource-groups-tagging-api',
}
type Command = { constructor: { name: string }; input: Record<string, unknown> }
type Tags = Record<string, string>
type Described = {
  Instances: {
    InstanceId: string
    Tags: { Key: string; Value: string }[]
    State: { Name: string }
  }[]
}

/** An account with instances and their volumes, in which tags are kept: no Lambda, no templates. */
export class TagAccount extends Account {
  readonly #policy: TagPolicy
  readonly #catalog: CompiledCatalog
  #subnet = ''

  private constructor(seed: number, policy: TagPolicy, catalog: Partial<CompiledCatalog>) {
    super([Ec2, Tagging, DynamoDb], seed)
    this.#policy = policy
    this.#catalog = catalog as CompiledCatalog
  }

  static async open(seed: number, policy: TagPolicy, catalog: Partial<CompiledCatalog>) {
    const account = new TagAccount(seed, policy, catalog)
    const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType })
    await account.call('dynamodb', 'CreateTable', {
      ...{ TableName: TABLE, BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    })
    const { Vpc } = await account.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
      CidrBlock: '10.0.0.0/16',
    })
    const { Subnet } = await account.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
      ...{ VpcId: Vpc.VpcId, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'eu-central-1a' },
    })
    account.#subnet = Subnet.SubnetId
    // Three weeks ago: more than reports.
    await account.sweptFirst(new Date(account.world.now - 21 * 24 * 60 * 60_000))
    return account
  }

  /** When the first sweep was. */
  async sweptFirst(since: Date): Promise<void> {
    await this.call('dynamodb', 'PutItem', {
      TableName: TABLE,
      Item: {
        ...{ pk: { S: tagStateKey.pk }, sk: { S: tagStateKey.sk } },
        ...{ since: { S: since.toISOString() }, version: { N: '1' } },
      },
    })
  }

  /** A sweep; AWS may refuse in the middle of it. @returns whether it came to its end. */
  sweep(): Promise<boolean> {
    return this.#try(() => sweepTags(this.#sources()))
  }

  /** CloudTrail tells that a pipeline has begun a session. */
  beginSession(accessKeyId: string, userName: string): Promise<boolean> {
    const detail = {
      ...{ eventName: 'AssumeRoleWithWebIdentity' as const, userIdentity: { userName } },
      eventTime: this.world.date.toISOString(),
      responseElements: { credentials: { accessKeyId } },
    }
    const event = { 'detail-type': 'AWS API Call via CloudTrail' as const, detail }
    return this.#try(() => seeSession(this.#sources(), event))
  }

  /** CloudTrail tells who has made a stack. */
  tellOfStack(stackId: string, by: string): Promise<boolean> {
    const detail = {
      ...{ eventSource: 'cloudformation.amazonaws.com', eventName: 'CreateStack' },
      responseElements: { stackId },
    }
    return this.#tell(`event-${stackId}`, by, this.world.date, detail)
  }

  /** CloudTrail tells who has started an instance; `more` stands in its event besides. */
  tell(id: string, tags: Tags, by: string, at: Date, more: object = {}): Promise<boolean> {
    const items = Object.entries(tags).map(([key, value]) => ({ key, value }))
    return this.#tell(`event-${id}`, by, at, {
      ...{ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' },
      requestParameters: {
        tagSpecificationSet: { items: [{ resourceType: 'instance', tags: items }] },
      },
      responseElements: { instancesSet: { items: [{ instanceId: id }] } },
      ...more,
    })
  }

  #tell(
    id: string,
    userName: string,
    at: Date,
    call: Record<string, unknown> & { eventSource: string; eventName: string },
  ): Promise<boolean> {
    const detail = {
      ...{ eventTime: at.toISOString(), awsRegion: this.aws.region, readOnly: false },
      ...{ recipientAccountId: this.aws.account, userIdentity: { type: 'IAMUser', userName } },
      ...call,
    }
    const event = { 'detail-type': 'AWS API Call via CloudTrail' as const, id, detail }
    return this.#try(() => seeMade(this.#sources(), event))
  }

  async launch(tags: Tags, more: object = {}): Promise<string> {
    const { Instances } = await this.call<Described>('ec2', 'RunInstances', {
      ...{ ImageId: 'ami-1', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
      SubnetId: this.#subnet,
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
      ...more,
    })
    return Instances[0]?.InstanceId ?? ''
  }

  /** Somebody changes tags, at this very moment. */
  retag(id: string, tags: Tags, keys: readonly string[] = []): void {
    const { operations } = this.aws.the(Ec2)
    const call = (name: string, Tags: object[]) =>
      (operations[name] as (input: object) => unknown)({ Resources: [id], Tags })
    if (keys.length > 0)
      call(
        'DeleteTags',
        keys.map((Key) => ({ Key })),
      )
    call(
      'CreateTags',
      Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    )
  }

  tags(id: string): Tags | undefined {
    const found = [...this.aws.the(Ec2).tagged()].find(({ arn }) => arn.endsWith(`/${id}`))
    return found && { ...found.tags }
  }

  state(id: string): string | undefined {
    return this.aws.the(Ec2).instance(id)?.shape.State?.Name
  }

  /** Slack takes the messages that wait. */
  async accept(): Promise<void> {
    const { Items = [] } = await this.call<{ Items?: Record<string, { S: string }>[] }>(
      'dynamodb',
      'Scan',
      { TableName: TABLE },
    )
    const taken = new Set(Items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`))
    for (const { pk, sk } of Items) {
      if (!pk?.S.startsWith(TAG_NOTICE) || !sk?.S.startsWith('tag-notice#')) continue
      const key = messageKey({ pk: pk.S, sk: sk.S })
      if (taken.has(`${key.pk} ${key.sk}`)) continue
      const at = this.world.date.toISOString()
      await this.call('dynamodb', 'PutItem', {
        TableName: TABLE,
        Item: {
          ...{ pk: { S: key.pk }, sk: { S: key.sk }, version: { N: '1' } },
          ...{ channel: { S: '#a' }, claimedAt: { S: at }, ts: { S: '1' } },
        },
      })
    }
  }

  async #try(run: () => Promise<unknown>): Promise<boolean> {
    try {
      await until(this.world, run())
      return true
    } catch (error) {
      if (!ALLOWED.test((error as Error).name)) throw error
      return false
    }
  }

  #client(name: string): { send(command: Command): Promise<unknown> } {
    const service = SERVICES[name] ?? name
    return {
      send: (command) => {
        const given = Object.entries(command.input).filter(([, value]) => value !== undefined)
        const operation = command.constructor.name.replace(/Command$/, '')
        return this.aws.call(service, operation, Object.fromEntries(given), KEEPER)
      },
    }
  }

  #sources(): Sources {
    const log = { info: () => {}, error: () => {}, warn: () => {} } as unknown as Logger
    const client = (kind: { name: string }) => this.#client(kind.name)
    const tools = {
      client: client as never,
      pause: (milliseconds: number) => this.world.sleep(milliseconds),
    }
    const { account, region } = this.aws
    const readers = readersOf(tools, { account, region, partition: 'aws' }, this.#policy)
    const of = (name: string) => this.#client(name) as never
    return {
      table: { client: of('DynamoDBClient'), name: TABLE },
      ...{ ec2: of('EC2Client'), rds: of('RDSClient') },
      tagging: of('ResourceGroupsTaggingAPIClient'),
      readers: new Map(readers.map((one) => [one.type, one])),
      catalog: this.#catalog,
      policy: this.#policy,
      ...{ log, now: this.world.date, pause: tools.pause },
    }
  }
}

/** What AWS says when it is busy. */
const ALLOWED = /^(RequestLimitExceeded|ThrottlingException|InternalError|PartialRead)$/
