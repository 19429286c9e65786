import { tellsEachRecordOnce } from '../../local/invariants/tells-each-record-once.ts'
import type { Mutant } from './mutant.ts'

export const postsEveryChange: Mutant = {
  name: 'each change of a record is a message of its own',
  file: 'functions/tell-slack/post.ts',
  from: 'if (posted === undefined) {',
  to: 'if (posted === undefined || posted !== undefined) {',
  finds: tellsEachRecordOnce,
  story: 'goodThenBad',
}
