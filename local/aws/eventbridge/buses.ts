import type {
  CreateEventBusRequest,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  ListEventBusesRequest,
} from '@aws-sdk/client-eventbridge'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, pager } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { type Bus, notFound, type Rule, validation } from './model.ts'

/** All of EventBridge's state: the buses and the rules on them. */
export class Buses {
  readonly aws: Aws
  readonly #buses = new Map<string, Bus>()

  constructor(aws: Aws) {
    this.aws = aws
    this.#add('default', {})
  }

  get all(): readonly Bus[] {
    return [...this.#buses.values()]
  }

  /** By name or ARN; the default bus when nothing is named. */
  find(named = 'default'): Bus | undefined {
    const bus = this.#buses.get(named.split('/').at(-1) ?? '')
    return named.startsWith('arn:') && bus?.arn !== named ? undefined : bus
  }

  /** @throws AwsError ResourceNotFoundException */
  bus(named: string | undefined): Bus {
    const found = this.find(named)
    if (found === undefined) throw notFound(`Event bus ${named}`)
    return found
  }

  /** @throws AwsError ResourceNotFoundException */
  rule(name: string | undefined, busNamed: string | undefined): Rule {
    const bus = this.bus(busNamed)
    const found = bus.rules.get(name ?? '')
    if (found === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Rule ${name} does not exist on EventBus ${bus.name}.`,
      )
    }
    return found
  }

  /** @throws AwsError ResourceAlreadyExistsException, ValidationException */
  create(input: CreateEventBusRequest): Bus {
    onlyMembers('eventbridge:CreateEventBus', input, ['Name', 'Description', 'Tags'])
    const { Name: name = '' } = input
    if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name)) {
      throw validation(
        `EventBus name ${name} is not valid: letters, digits, '.', '-' and '_' only.`,
      )
    }
    if (this.#buses.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`)
    }
    return this.#add(name, input)
  }

  /** A bus that is not there is deleted already. @throws AwsError ValidationException */
  delete({ Name: name = '' }: DeleteEventBusRequest): void {
    if (name === 'default') throw validation('Cannot delete event bus default.')
    const rules = this.#buses.get(name)?.rules.size ?? 0
    if (rules > 0) throw validation(`Cannot delete event bus ${name} because it has rules.`)
    this.#buses.delete(name)
  }

  #add(name: string, { Description, Tags }: Partial<CreateEventBusRequest>): Bus {
    const bus: Bus = {
      name,
      arn: this.aws.arn('events', `event-bus/${name}`),
      tags: tagsFrom(Tags),
      rules: new Map(),
      createdAt: this.aws.world.date,
      description: Description,
    }
    this.#buses.set(name, bus)
    return bus
  }
}

export function busOperations(buses: Buses) {
  return {
    CreateEventBus: (input: CreateEventBusRequest) => {
      const { arn, description } = buses.create(input)
      return { EventBusArn: arn, Description: description }
    },
    DescribeEventBus: ({ Name }: DescribeEventBusRequest) => describe(buses.bus(Name)),
    DeleteEventBus: (input: DeleteEventBusRequest) => {
      buses.delete(input)
      return {}
    },
    ListEventBuses: ({ NamePrefix = '', NextToken, Limit }: ListEventBusesRequest) => {
      const named = buses.all.filter(({ name }) => name.startsWith(NamePrefix))
      const { items, next } = eventBridgePage(named, NextToken, Limit)
      return { EventBuses: items.map(describe), NextToken: next }
    },
  }
}

function describe({ name, arn, description, createdAt }: Bus) {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    CreationTime: createdAt,
    LastModifiedTime: createdAt,
  }
}

/** EventBridge's lists have 1 to 100 items a page. */
export const eventBridgePage = pager('ValidationException', 100)
