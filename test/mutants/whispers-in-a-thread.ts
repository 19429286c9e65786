import { notifiesOfEveryRedAlarm } from '../../local/invariants/notifies-of-every-red-alarm.ts'
import type { Mutant } from './mutant.ts'

export const whispersInAThread: Mutant = {
  name: 'an alarm in the thread of a deployment is not shown in the channel',
  file: 'functions/tell-slack/post.ts',
  from: '...inThread(thread, true)',
  to: '...inThread(thread, false)',
  finds: notifiesOfEveryRedAlarm,
  story: 'redAfterDeployment',
}
