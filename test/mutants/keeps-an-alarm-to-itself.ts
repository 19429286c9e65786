import { recordsEveryRedAlarm } from '../../local/invariants/records-every-red-alarm.ts'
import type { Mutant } from './mutant.ts'

export const keepsAnAlarmToItself: Mutant = {
  name: 'an alarm that turns red again has no record',
  file: 'functions/shared/alarms/keep.ts',
  from: 'const first = decide(kept?.changes, noticed)',
  to: "const first = decide(kept?.changes, noticed.change.value === 'ALARM' && kept !== undefined ? { change: { ...noticed.change, value: 'OK' } } : noticed)",
  finds: recordsEveryRedAlarm,
  story: 'redTwice',
}
