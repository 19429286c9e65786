import { runsWhatItsTagNames } from '../../local/invariants/runs-what-its-tag-names.ts'
import type { Mutant } from './mutant.ts'

export const sweepLooksAtNothing: Mutant = {
  name: 'the sweep doubts no service',
  file: 'functions/sweep/roll-outs.ts',
  from: 'if (doubt !== undefined) doubts.push(doubt)',
  to: 'if (doubt === null) doubts.push(doubt)',
  finds: runsWhatItsTagNames,
  story: 'everyEventLost',
}
