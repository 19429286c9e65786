import type { EC2Client, Instance } from '@aws-sdk/client-ec2'
import { TAGS, tagsIn } from '../../../domain/tags.ts'
import { cut } from '../../../domain/text.ts'
import { typesWithStore } from '../instance-store.ts'

/** The types of those of these that run which have an instance store. */
export const storesOfRunning = (
  ec2: EC2Client,
  instances: readonly Instance[],
): Promise<ReadonlySet<string>> =>
  typesWithStore(
    ec2,
    instances.flatMap((one) => (one.State?.Name === 'running' ? [one.InstanceType] : [])),
  )

/** Its owner says that what is on the instance store is of no worth. */
const MAY_BE_LOST = 'may-be-lost'

/**
 * What would be lost if an instance that runs stopped, and how to say that it may be; undefined when
 * nothing would.
 *
 * @param stores the types that have an instance store.
 */
export function lostAtStop(
  { RootDeviceType, State, InstanceType: type, Tags }: Instance,
  stores: ReadonlySet<string>,
): string | undefined {
  if (RootDeviceType === 'instance-store') {
    return 'its root volume is an instance store, which is lost when it stops'
  }
  if (State?.Name !== 'running' || type === undefined || !stores.has(type)) return undefined
  const said = tagsIn(Tags)[TAGS.instanceStore]
  if (said === MAY_BE_LOST) return undefined
  const found = said === undefined ? '' : `, and not "${cut(said, 50)}"`
  return `what is on its instance store is lost when it stops (${type} has one). If that may be, tag it ${TAGS.instanceStore} = ${MAY_BE_LOST}${found}`
}
