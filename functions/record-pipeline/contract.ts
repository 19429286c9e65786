import * as z from 'zod/mini'
import { schema as actionFailed } from '../../events/pipeline-action-failed.ts'
import { schema as changed } from '../../events/pipeline-changed.ts'

export const environment = z.object({ TABLE_NAME: z.string() })

/** An execution of a pipeline changed its state, or an action of it failed. */
export const event = z.discriminatedUnion('detail-type', [changed, actionFailed])

export type PipelineEvent = z.infer<typeof event>
