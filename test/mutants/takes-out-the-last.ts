import { neverTakesOutTheLast } from '../../local/invariants/never-takes-out-the-last.ts'
import type { Mutant } from './mutant.ts'

export const takesOutTheLast: Mutant = {
  name: 'every failing instance is taken out, the last one too',
  file: 'domain/health/circuit.ts',
  from: 'const KEPT = 1',
  to: 'const KEPT = 0',
  finds: neverTakesOutTheLast,
  story: 'redBackend',
}
