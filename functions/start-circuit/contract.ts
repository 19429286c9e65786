import * as z from 'zod/mini'

export { schema as event } from '../../events/circuit-alarm-raised.ts'

export const environment = z.object({ HEALTH_MACHINE: z.string() })
