import { emitInstanceEvent } from './events.ts'
import type { Databases, Instance } from './model.ts'
import type { Status } from './status.ts'

/**
 * What comes over an instance without a call: its storage is full, or its key is disabled. It lasts
 * until somebody enlarges the storage, or starts the instance once its key is back; a key that is
 * gone is the instance's end.
 *
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 */
export type Mishap = Extract<Status, 'storage-full' | `inaccessible-${string}`>

export function suffer({ aws }: Databases, instance: Instance, mishap: Mishap): void {
  instance.next?.cancel()
  instance.shape.DBInstanceStatus = mishap
  if (mishap === 'storage-full') emitInstanceEvent(aws, instance, 'storage full')
}
