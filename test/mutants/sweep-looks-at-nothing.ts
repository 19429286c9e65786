import { runsWhatItsTagNames } from '../../local/invariants/runs-what-its-tag-names.ts'
import type { Mutant } from './mutant.ts'

export const sweepLooksAtNothing: Mutant = {
  name: 'the sweep takes every service for one without images',
  file: 'functions/sweep/roll-outs.ts',
  from: 'if (candidates.length === 0) return undefined',
  to: 'if (candidates.length >= 0) return undefined',
  finds: runsWhatItsTagNames,
  story: 'everyEventLost',
}
