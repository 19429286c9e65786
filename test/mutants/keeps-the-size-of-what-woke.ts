import { endsEveryMove } from '../../local/invariants/ends-every-move.ts'
import type { Mutant } from './mutant.ts'

export const keepsTheSizeOfWhatWoke: Mutant = {
  name: 'what was kept for the wake is kept after it',
  file: 'domain/sleep/settle.ts',
  from: '...(woke !== undefined && { woke }),',
  to: '...(woke !== undefined && { woke }),\n    ...(captured && { captured }),',
  finds: endsEveryMove,
  story: 'nap',
}
