import { Stack, type StackProps } from 'aws-cdk-lib'
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { queuesOf } from '../../../catalog/messaging.ts'
import type { Service } from '../../../catalog/schema.ts'
import { secretsOf } from '../../../catalog/secrets.ts'
import { standardVariables } from '../../../catalog/variables.ts'
import { tagService } from '../../tags.ts'
import type { Data } from '../data/data-stack.ts'
import { observe } from '../observability/observe.ts'
import { tracingSupply } from '../observability/tracing.ts'
import { deliver } from '../pipelines/delivery.ts'
import type { SharedResources } from '../shared-resources.ts'
import { bucketSupply } from './bucket.ts'
import { cacheSupply } from './cache.ts'
import { connectionSupply } from './connections.ts'
import { ServiceDatabase } from './database.ts'
import { filesSupply, mountSupplies } from './files.ts'
import { runOnSchedule } from './job.ts'
import { messagingSupply } from './messaging.ts'
import { repository } from './repository.ts'
import { rightsSupply } from './rights.ts'
import { runParameters } from './run-parameters.ts'
import { secretsSupply } from './secrets.ts'
import { runContinuously } from './service.ts'
import type { Supply } from './supply.ts'
import { logGroup, taskDefinition } from './task.ts'

export type ServiceStackProps = StackProps & {
  service: Service
  /** All of the catalog: for the addresses of those it depends on. */
  services: readonly Service[]
  shared: SharedResources
  data: Data
}

/**
 * `<Environment>Service-<name>`: everything of one service, so that an edit of its file touches
 * one stack and no other team waits for it.
 */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props)
    const { service, services, shared } = props
    const log = logGroup(this, service)
    const images = this.#images(service, services)
    const { runs } = service
    const parameters = runs === undefined ? runParameters(this, service) : undefined
    const definition = taskDefinition(this, {
      service,
      images,
      logGroup: log,
      supplies: [
        { variables: standardVariables(service, services, shared.environment) },
        ...this.#asked(props, log),
      ],
      parameters,
    })
    const running = parameters && runContinuously(this, { service, shared, definition, parameters })
    this.#comesLast(running?.ecsService)
    if (runs !== undefined) runOnSchedule(this, { service, runs, shared, definition })
    observe(this, { service, shared, running, logGroup: log })
    if (images !== undefined) deliver(this, { service, shared, images })
    tagService(this, service)
  }

  /** Of several services with one repository, the first by name has it in its stack. */
  #images(service: Service, services: readonly Service[]): IRepository | undefined {
    if (service.image !== undefined) return undefined
    const sharers = services.filter(
      (one) => one.image === undefined && one.repository === service.repository,
    )
    return sharers[0]?.name === service.name
      ? repository(this, service, sharers)
      : Repository.fromRepositoryName(this, 'repository', service.repository)
  }

  /**
   * A new rule may miss events for a short time, and the one that prepares the database waits for
   * the event that this stack is complete: making the service takes a while, so that comes after.
   * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
   */
  #comesLast(service: Construct | undefined): void {
    const database = this.node.tryFindChild('database')
    if (database !== undefined) service?.node.addDependency(database)
  }

  #asked({ service, services, shared, data }: ServiceStackProps, log: LogGroup): Supply[] {
    const { secrets, database, cache, bucket, files, tracing, may } = service
    const messages = queuesOf(service).length + service.topics.length + service.sends.length > 0
    const given = secretsOf({ secrets }).length > 0 ? [secretsSupply(this, service, services)] : []
    const stores = {
      database:
        database === undefined
          ? undefined
          : new ServiceDatabase(this, 'database', { service, shared, data, logGroup: log }).supply,
      cache: cache && data.cache !== undefined ? cacheSupply(service, data.cache) : undefined,
    }
    return [
      ...given,
      ...Object.values(stores).flatMap((supply) => supply ?? []),
      ...(service.as === undefined ? [] : [connectionSupply(this, service, stores)]),
      ...(bucket ? [bucketSupply(this, service, shared)] : []),
      ...(files !== undefined && data.files !== undefined
        ? [filesSupply(this, service, { fileSystem: data.files, path: files })]
        : []),
      ...(data.files === undefined ? [] : mountSupplies(this, service, data.files)),
      ...(messages ? [messagingSupply(this, service, services)] : []),
      ...(may.length > 0 ? [rightsSupply(this, service)] : []),
      ...(tracing ? [tracingSupply(service, shared)] : []),
    ]
  }
}
