import type { Subnet } from '@aws-sdk/client-ec2'
import type { Aws, Operations, Service } from '../aws.ts'
import { Faults } from '../faults.ts'
import type { Tags } from '../tags.ts'
import { attributeOperations } from './attributes.ts'
import { endpointOperations } from './endpoints.ts'
import { instanceOperations } from './instances.ts'
import { imageOperations } from './launch.ts'
import { launchTemplateOperations } from './launch-templates.ts'
import { lifeOperations } from './life.ts'
import { Ec2Store, type StoredInstance } from './model.ts'
import { securityGroupOperations, subnetOperations, vpcOperations } from './network.ts'
import { routeOperations, routeTableOperations } from './routes.ts'
import { snapshotOperations } from './snapshots.ts'
import { statusOperations } from './status.ts'
import { tagOperations } from './tags.ts'
import { typeOperations } from './types.ts'
import { volumeOperations } from './volumes.ts'
import { hasWayOut } from './way-out.ts'

/**
 * Amazon EC2: instances with their states, and the networks they are in. Nothing runs inside an
 * instance, and no packet goes anywhere.
 */
export class Ec2 implements Service {
  readonly id = 'ec2'
  readonly operations: Operations
  readonly #store: Ec2Store

  /** @param faults which types a zone has no capacity for. */
  constructor(aws: Aws, faults = new Faults(aws.world.random)) {
    const store = new Ec2Store(aws, faults)
    this.#store = store
    this.operations = {
      ...instanceOperations(store),
      ...lifeOperations(store),
      ...attributeOperations(store),
      ...statusOperations(store),
      ...typeOperations,
      ...imageOperations(store),
      ...launchTemplateOperations(store),
      ...volumeOperations(store),
      ...snapshotOperations(store),
      ...vpcOperations(store),
      ...subnetOperations(store),
      ...routeTableOperations(store),
      ...routeOperations(store),
      ...endpointOperations(store),
      ...securityGroupOperations(store),
      ...tagOperations(store),
    }
  }

  /** For services that put something into a subnet. */
  subnet(id: string): Readonly<Subnet> | undefined {
    return this.#store.subnets.get(id)?.shape
  }

  /** Whether what is in a subnet gets to ECR, or to the internet. */
  hasWayOut(subnet: string, to: 'ecr' | 'internet'): boolean {
    return hasWayOut(this.#store, subnet, to)
  }

  /** An instance, for what is played inside it; undefined once it is forgotten. */
  instance(id: string): Readonly<StoredInstance> | undefined {
    return this.#store.instances.get(id)
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#store.all.map(({ arn, tags }) => ({ arn, tags }))
  }
}
