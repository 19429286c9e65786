import { leavesOtherEnvironmentsAlone } from '../../local/invariants/leaves-other-environments-alone.ts'
import type { Mutant } from './mutant.ts'

export const takesEveryEnvironment: Mutant = {
  name: 'services of other environments are looked after too',
  file: 'domain/tags.ts',
  from: '(tags[TAGS.environment] ?? environment) === environment',
  to: "(tags[TAGS.environment] ?? environment) !== ''",
  finds: leavesOtherEnvironmentsAlone,
  story: 'otherEnvironment',
}
