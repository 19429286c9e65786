import { tellsEveryRecord } from '../../local/invariants/tells-every-record.ts'
import type { Mutant } from './mutant.ts'

export const keepsASummaryToItself: Mutant = {
  name: 'what is over is a line in a summary that is never posted',
  file: 'functions/tell-slack/release.ts',
  from: 'if (!isPosted(summary)) await postSummary(context, key, release, lines, own.length)',
  to: 'if (isPosted(summary)) await postSummary(context, key, release, lines, own.length)',
  finds: tellsEveryRecord,
  story: 'slackDown',
}
