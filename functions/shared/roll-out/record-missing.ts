import { KEPT_SECONDS } from '../../../domain/table/common.ts'
import { missingImageKey } from '../../../domain/table/keys.ts'
import type { MissingImage } from '../../../domain/table/missing-image.ts'
import type { Push } from '../../../domain/table/record.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { epochSeconds, instant } from '../../../domain/time.ts'
import { putItem } from '../table/put.ts'
import type { Table } from '../table/table.ts'
import type { WriteContext } from './record.ts'

/** Writes down that it is not there: once for each roll-out of it. */
export async function recordMissing(
  table: Table,
  { service, serviceArn, owner, execution, now }: WriteContext,
  state: ServiceState | undefined,
  { push, reason }: { push: Push; reason: string },
): Promise<void> {
  const { repository, digest, tag } = push
  const [cluster = '', name = ''] = service.split('/')
  const item: MissingImage = {
    ...missingImageKey(service, state?.generation ?? 0, digest),
    version: VERSION,
    kind: 'missing-image',
    subject: service,
    owner,
    at: instant(now),
    reason,
    execution,
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...{ service: name, cluster, serviceArn, repository, digest },
      ...(tag === '' ? {} : { tag }),
    },
  }
  await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
}
