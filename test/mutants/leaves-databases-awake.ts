import { keepsTheSchedule } from '../../local/invariants/keeps-the-schedule.ts'
import type { Mutant } from './mutant.ts'

export const leavesDatabasesAwake: Mutant = {
  name: 'databases are never stopped',
  file: 'domain/sleep/steps.ts',
  from: "if (seen.phase !== (to === 'awake' ? 'down' : 'up')) return false",
  to: "if (seen.phase !== 'down') return false",
  finds: keepsTheSchedule,
  story: 'nap',
}
