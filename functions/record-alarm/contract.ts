import * as z from 'zod/mini'
import { schema as changed } from '../../events/alarm-changed.ts'
import { schema as configured } from '../../events/alarm-configured.ts'
import { schema as contributorChanged } from '../../events/alarm-contributor-changed.ts'

export const environment = z.object({ TABLE_NAME: z.string() })

/** An alarm's state changed, that of one of its contributors did, or the alarm was deleted. */
export const event = z.discriminatedUnion('detail-type', [changed, contributorChanged, configured])

export type AlarmEvent = z.infer<typeof event>
