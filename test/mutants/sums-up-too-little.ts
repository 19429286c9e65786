import { sumsUpOnce } from '../../local/invariants/sums-up-once.ts'
import type { Mutant } from './mutant.ts'

export const sumsUpTooLittle: Mutant = {
  name: 'a summary leaves its first line out',
  file: 'functions/tell-slack/release.ts',
  from: 'await postSummary(context, key, release, lines, own.length)',
  to: 'await postSummary(context, key, release, lines.slice(1), own.length)',
  finds: sumsUpOnce,
  story: 'slackDown',
}
