import * as z from 'zod/mini'
import { schema } from '../../events/execution-failed.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Names of Caretaker's own machines, as JSON: `{ "dev-roll-out": "roll-out" }`, by the name the page in docs/runbooks/ begins with. */
  MACHINES: z.pipe(
    z.string(),
    z.transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  ),
})

/** An execution of a machine failed, ran out of time, or was stopped. */
export const event = schema
