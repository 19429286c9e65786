import { tagsOnlyWhatIsAbsent } from '../../local/invariants/tags-only-what-is-absent.ts'
import type { Mutant } from './mutant.ts'

export const overwritesTags: Mutant = {
  name: 'a wrong value of a tag is written over',
  file: 'domain/tagging/judge.ts',
  from: "problem.what === 'missing' ? known",
  to: "problem.what !== 'full' ? known",
  finds: tagsOnlyWhatIsAbsent,
  story: 'wrongTag',
}
