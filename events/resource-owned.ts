import * as z from 'zod/mini'
import { CARETAKER } from './roll-out-ended.ts'

/** Caretaker: somebody has said whose a resource is, which had no owner (the act `own`). */
export const DETAIL_TYPE = 'resource owned'

export const pattern = { source: [CARETAKER], 'detail-type': [DETAIL_TYPE] }

export const schema = z.looseObject({
  'detail-type': z.literal(DETAIL_TYPE),
  /** Its id in Caretaker's table: `instance/i-0123456789abcdef0`. */
  detail: z.strictObject({ resource: z.string() }),
})
