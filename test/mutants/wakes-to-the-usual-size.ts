import { wakesToTheSameSize } from '../../local/invariants/wakes-to-the-same-size.ts'
import type { Mutant } from './mutant.ts'

export const wakesToTheUsualSize: Mutant = {
  name: 'what was captured is forgotten',
  file: 'domain/sleep/settle.ts',
  from: 'sleeper.captured ?? sleeper.last ?? { desired: usual, bounds: undefined }',
  to: '{ desired: usual, bounds: undefined }',
  finds: wakesToTheSameSize,
  story: 'nap',
}
