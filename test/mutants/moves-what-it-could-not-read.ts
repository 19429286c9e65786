import { movesNothingOnAFailedRead } from '../../local/invariants/moves-nothing-on-a-failed-read.ts'
import type { Mutant } from './mutant.ts'

export const movesWhatItCouldNotRead: Mutant = {
  name: 'what could not be read counts as not there',
  file: 'functions/shared/sleep/gather.ts',
  from: '    unread.push(what)\n',
  to: '    unread.length = 0\n',
  finds: movesNothingOnAFailedRead,
  story: 'napUnread',
}
