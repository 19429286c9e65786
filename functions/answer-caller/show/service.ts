import type { ShownOfService } from '../../../domain/acts/show.ts'
import { requiredPlatform } from '../../../domain/image.ts'
import { repositoriesOf } from '../../../domain/tags.ts'
import type { Acting } from '../../shared/acts/acting.ts'
import type { Said } from '../../shared/acts/outcome.ts'
import { whatRuns } from '../../shared/acts/running.ts'
import { type Found, findService, isSaid } from '../../shared/acts/services.ts'
import { ofService } from './items.ts'

/** Roll-outs, and receipts, of one service's page. */
const LISTED = 30

/** More of one service: its history, and which commit runs. */
export async function showService(acting: Acting, name: string): Promise<ShownOfService | Said> {
  const found = await findService(acting, name)
  if (isSaid(found)) return found
  return {
    at: acting.now.toISOString(),
    items: await ofService(acting.table, found.managed.id, LISTED),
    labels: await labelsOf(acting, found),
  }
}

/** Labels of the image that runs; none where the registry does not have it any more. */
async function labelsOf(acting: Acting, found: Found): Promise<Record<string, string>> {
  const { taskDefinition, image } = await whatRuns(acting, found)
  const [repository] = repositoriesOf(found.managed.tags)
  if (image === undefined || repository === undefined) return {}
  return acting.registry.labels(repository, image.digest, requiredPlatform(taskDefinition))
}
