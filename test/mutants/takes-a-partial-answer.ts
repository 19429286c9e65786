import { changesNothingOnAFailedRead } from '../../local/invariants/changes-nothing-on-a-failed-read.ts'
import type { Mutant } from './mutant.ts'

export const takesAPartialAnswer: Mutant = {
  name: 'a key that DynamoDB did not answer for is a missing item',
  file: 'functions/shared/table/get.ts',
  from: 'if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) {',
  to: 'if (Object.keys(answer.UnprocessedKeys ?? {}).length > 1000) {',
  finds: changesNothingOnAFailedRead,
  story: 'answersInPart',
}
