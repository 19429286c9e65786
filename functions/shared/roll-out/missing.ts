import type { Policy } from '../../../domain/deploy-policy.ts'
import { missingImageKey } from '../../../domain/table/keys.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { getItems } from '../table/get.ts'
import type { Table } from '../table/table.ts'
import type { Registry } from './registry.ts'

type Asked = {
  service: string
  policy: Policy
  state: ServiceState | undefined
  image: { repository: string; digest: string }
}

/** Whether an image that a service runs is not in the registry, and nobody has been told so yet. */
export async function isMissing(
  { registry, table }: { registry: Registry; table: Table },
  { service, policy, state, image }: Asked,
): Promise<boolean> {
  if (await registry.has(image.repository, image.digest, policy)) return false
  const key = missingImageKey(service, state?.generation ?? 0, image.digest)
  const [told] = await getItems(table, [key])
  return told === undefined
}
