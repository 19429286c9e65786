import { isOurs } from './changes.ts'
import type { Call } from './trace.ts'

/** Caretaker has said whether callers find an instance. */
export const isFindabilitySet = (call: Call): boolean =>
  call.operation === 'UpdateInstanceCustomHealthStatus' && call.outcome === 'ok' && isOurs(call)
