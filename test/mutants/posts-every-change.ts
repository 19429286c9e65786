import { tellsEachRecordOnce } from '../../local/invariants/tells-each-record-once.ts'
import type { Mutant } from './mutant.ts'

export const postsEveryChange: Mutant = {
  name: 'each change of a record is a message of its own',
  file: 'functions/tell-slack/tell.ts',
  from: 'const { at, done } = isPosted(place)',
  to: 'const { at, done } = isPosted(undefined)',
  finds: tellsEachRecordOnce,
  story: 'goodThenBad',
}
