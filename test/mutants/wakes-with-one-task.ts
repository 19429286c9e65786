import { wakesToTheSameSize } from '../../local/invariants/wakes-to-the-same-size.ts'
import type { Mutant } from './mutant.ts'

export const wakesWithOneTask: Mutant = {
  name: 'whatever wakes has one task, and its scaling makes the rest of it',
  file: 'domain/sleep/calls.ts',
  from: '[update(Cluster, Service, wanted.desired)]',
  to: '[update(Cluster, Service, 1)]',
  finds: wakesToTheSameSize,
  story: 'nap',
}
