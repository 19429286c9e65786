import * as z from 'zod/mini'
import { schema as started } from '../../events/database-started.ts'
import { schema as changed } from '../../events/resource-changed.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  SLEEP_MACHINE: z.string(),
  /** ARNs of the roles by which Caretaker itself changes what sleeps: a JSON list. */
  OWN_ROLES: z.pipe(
    z.string(),
    z.transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  ),
})

/** Somebody has changed something, or a database has started. */
export const event = z.discriminatedUnion('detail-type', [changed, started])
