import { changesNothingForStrangers } from '../../local/invariants/changes-nothing-for-strangers.ts'
import type { Mutant } from './mutant.ts'

export const believesEveryRole: Mutant = {
  name: 'whoever has taken any role of the account may act for every team',
  file: 'domain/acts/who.ts',
  from: "who.kind === 'role' && roles.some((role) => withoutPath(role) === who.arn)",
  to: "who.kind === 'role' && roles.every((role) => withoutPath(role) !== who.session)",
  finds: changesNothingForStrangers,
  story: 'strangersAsk',
}
