import { actsWhileItTells } from './acts-while-it-tells.ts'
import { alwaysSetsTheCount } from './always-sets-the-count.ts'
import { believesEveryRole } from './believes-every-role.ts'
import { believesEverySignature } from './believes-every-signature.ts'
import { believesLastMonth } from './believes-last-month.ts'
import { believesTheEvent } from './believes-the-event.ts'
import { blamesTheImage } from './blames-the-image.ts'
import { deploysAgainAfterTheBake } from './deploys-again-after-the-bake.ts'
import { forgetsWhatIsNotTaken } from './forgets-what-is-not-taken.ts'
import { forgetsWhoOptedIn } from './forgets-who-opted-in.ts'
import { freezesWithoutSlack } from './freezes-without-slack.ts'
import { keepsASummaryToItself } from './keeps-a-summary-to-itself.ts'
import { keepsAVerdictToItself } from './keeps-a-verdict-to-itself.ts'
import { keepsAnAlarmToItself } from './keeps-an-alarm-to-itself.ts'
import { keepsTheSizeOfWhatWoke } from './keeps-the-size-of-what-woke.ts'
import { keepsWholeLines } from './keeps-whole-lines.ts'
import { leavesDatabasesAwake } from './leaves-databases-awake.ts'
import { leavesTheRecordOpen } from './leaves-the-record-open.ts'
import { movesWhatItCouldNotRead } from './moves-what-it-could-not-read.ts'
import type { Mutant } from './mutant.ts'
import { namesWhatIsRedAgainAndAgain } from './names-what-is-red-again-and-again.ts'
import { neverLooksForALostMessage } from './never-looks-for-a-lost-message.ts'
import { overwritesTags } from './overwrites-tags.ts'
import { postsEveryChange } from './posts-every-change.ts'
import { putsBackWhatPeopleDid } from './puts-back-what-people-did.ts'
import { readsOnePage } from './reads-one-page.ts'
import { sleepsWhatOthersOwn } from './sleeps-what-others-own.ts'
import { stepsWithoutAFigure } from './steps-without-a-figure.ts'
import { sumsUpTooLittle } from './sums-up-too-little.ts'
import { sweepLooksAtNothing } from './sweep-looks-at-nothing.ts'
import { sweepStartsEverything } from './sweep-starts-everything.ts'
import { takesAPartForUnused } from './takes-a-part-for-unused.ts'
import { takesAPartialAnswer } from './takes-a-partial-answer.ts'
import { takesASignatureAgain } from './takes-a-signature-again.ts'
import { takesAnEmptyAnswer } from './takes-an-empty-answer.ts'
import { takesEveryEnvironment } from './takes-every-environment.ts'
import { takesOldSignatures } from './takes-old-signatures.ts'
import { takesOutTheLast } from './takes-out-the-last.ts'
import { usesAnIntentAgain } from './uses-an-intent-again.ts'
import { wakesToTheUsualSize } from './wakes-to-the-usual-size.ts'
import { wakesWithOneTask } from './wakes-with-one-task.ts'
import { whispersInAThread } from './whispers-in-a-thread.ts'

/** For each predicate one mutant at least. */
export const MUTANTS: readonly Mutant[] = [
  sweepLooksAtNothing,
  believesTheEvent,
  deploysAgainAfterTheBake,
  alwaysSetsTheCount,
  forgetsWhoOptedIn,
  sweepStartsEverything,
  namesWhatIsRedAgainAndAgain,
  takesAPartialAnswer,
  takesAnEmptyAnswer,
  takesOutTheLast,
  postsEveryChange,
  keepsAVerdictToItself,
  keepsAnAlarmToItself,
  leavesTheRecordOpen,
  keepsWholeLines,
  takesEveryEnvironment,
  blamesTheImage,
  neverLooksForALostMessage,
  believesEverySignature,
  takesOldSignatures,
  takesASignatureAgain,
  usesAnIntentAgain,
  freezesWithoutSlack,
  keepsASummaryToItself,
  sumsUpTooLittle,
  whispersInAThread,
  wakesToTheUsualSize,
  leavesDatabasesAwake,
  putsBackWhatPeopleDid,
  movesWhatItCouldNotRead,
  actsWhileItTells,
  takesAPartForUnused,
  overwritesTags,
  sleepsWhatOthersOwn,
  stepsWithoutAFigure,
  believesLastMonth,
  readsOnePage,
  believesEveryRole,
  forgetsWhatIsNotTaken,
  wakesWithOneTask,
  keepsTheSizeOfWhatWoke,
]
