import { wakesToTheSameSize } from '../../local/invariants/wakes-to-the-same-size.ts'
import type { Mutant } from './mutant.ts'

export const wakesToTheUsualSize: Mutant = {
  name: 'what was captured is forgotten',
  file: 'domain/sleep/settle.ts',
  from: 'const kept = captured ?? last ?? { desired: usual }',
  to: 'const kept = { desired: usual }',
  finds: wakesToTheSameSize,
  story: 'nap',
}
