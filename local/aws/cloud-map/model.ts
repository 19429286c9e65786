import type {
  DnsConfig,
  HealthCheckCustomConfig,
  NamespaceType,
  Operation,
  OperationTargetType,
  OperationType,
} from '@aws-sdk/client-servicediscovery'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'

export type Namespace = {
  id: string
  arn: string
  name: string
  type: NamespaceType
  description?: string
  vpc?: string
  ttl?: number
  hostedZoneId?: string
  createdAt: Date
  creatorRequestId?: string
  tags: Tags
}

export type Instance = {
  id: string
  attributes: Record<string, string>
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'
  /** The custom health that takes effect when the timer rings. */
  pending?: { health: 'HEALTHY' | 'UNHEALTHY'; timer: Timer }
}

export type DiscoveryService = {
  id: string
  arn: string
  name: string
  namespaceId: string
  description?: string
  type: 'HTTP' | 'DNS_HTTP'
  dns?: DnsConfig
  customHealth?: HealthCheckCustomConfig
  createdAt: Date
  creatorRequestId?: string
  tags: Tags
  attributes: Record<string, string>
  instances: Map<string, Instance>
  /** Rises with every change of the instances or their health. */
  revision: number
}

/** Creations and changes are asynchronous; in practice they take some seconds. */
const OPERATION_MILLISECONDS = { low: 1_500, high: 6_000 }

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** All of Cloud Map's state. */
export class Directory {
  readonly aws: Aws
  readonly namespaces = new Map<string, Namespace>()
  readonly services = new Map<string, DiscoveryService>()
  readonly operations = new Map<string, Operation>()

  readonly #listeners: ((service: DiscoveryService) => void)[] = []

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** Calls `listener` after each change of a service's instances or of their health. */
  onChange(listener: (service: DiscoveryService) => void): void {
    this.#listeners.push(listener)
  }

  /** A service's instances, or their health, are others now. */
  changed(service: DiscoveryService): void {
    service.revision++
    for (const listener of this.#listeners) listener(service)
  }

  /** An id as Cloud Map gives them: `ns-abcdefghij234567`. */
  newId(prefix: string): string {
    const { random } = this.aws.world
    const label = `servicediscovery/${prefix}`
    const letters = Array.from({ length: 16 }, () => LETTERS[Math.floor(random.next(label) * 32)])
    return `${prefix}${letters.join('')}`
  }

  /** By id or ARN. @throws AwsError NamespaceNotFound */
  namespace(named: string | undefined): Namespace {
    const found = this.namespaces.get(named?.split('/').at(-1) ?? '')
    if (found === undefined) {
      throw new AwsError('NamespaceNotFound', `Namespace not found: ${named}`)
    }
    return found
  }

  /** By id or ARN. @throws AwsError ServiceNotFound */
  service(named: string | undefined): DiscoveryService {
    const found = this.services.get(named?.split('/').at(-1) ?? '')
    if (found === undefined) throw new AwsError('ServiceNotFound', `Service not found: ${named}`)
    return found
  }

  /** @throws AwsError InstanceNotFound */
  instance(service: DiscoveryService, id: string | undefined): Instance {
    const found = service.instances.get(id ?? '')
    if (found === undefined) throw new AwsError('InstanceNotFound', `Instance not found: ${id}`)
    return found
  }

  /**
   * Starts an asynchronous operation. `effect` happens at once, as callers that name its target
   * right afterwards expect; the operation is reported as done some seconds later.
   */
  operation(type: OperationType, targets: Partial<Record<OperationTargetType, string>>) {
    const { aws, operations } = this
    const { world } = aws
    const Id = `${world.random.hex('servicediscovery/operation', 24)}-${this.newId('')}`.slice(
      0,
      33,
    )
    const operation: Operation = {
      Id,
      OwnerAccount: aws.account,
      Type: type,
      Status: 'PENDING',
      CreateDate: world.date,
      UpdateDate: world.date,
      Targets: targets,
    }
    operations.set(Id, operation)
    const { low, high } = OPERATION_MILLISECONDS
    const delay = world.random.between('servicediscovery/operation', low, high)
    world.after(delay, `Cloud Map ${type}`, () => {
      operation.Status = 'SUCCESS'
      operation.UpdateDate = world.date
    })
    return { OperationId: Id }
  }
}

export const cloudMapPage = pager('InvalidInput', 100)
