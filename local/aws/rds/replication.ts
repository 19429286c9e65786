import type { Databases, Instance } from './model.ts'

/** The replicas that a source has in this Region. */
function replicasOf({ instances }: Databases, { id }: Instance): Instance[] {
  return [...instances.values()].filter(
    ({ shape }) => shape.ReadReplicaSourceDBInstanceIdentifier === id,
  )
}

/** A replica is one no longer: it is a database of its own. */
export function separate({ instances }: Databases, { id, shape }: Instance): void {
  const source = instances.get(shape.ReadReplicaSourceDBInstanceIdentifier ?? '')
  delete shape.ReadReplicaSourceDBInstanceIdentifier
  if (source === undefined) return
  const others = source.shape.ReadReplicaDBInstanceIdentifiers ?? []
  source.shape.ReadReplicaDBInstanceIdentifiers = others.filter((other) => other !== id)
}

/**
 * A source that is deleted leaves its replicas behind as databases of their own, and a replica that
 * is deleted leaves its source.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
 */
export function forgetReplication(databases: Databases, instance: Instance): void {
  for (const replica of replicasOf(databases, instance)) separate(databases, replica)
  separate(databases, instance)
}
