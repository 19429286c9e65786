import { changesOnlyWhatOptedIn } from '../../local/invariants/changes-only-what-opted-in.ts'
import type { Mutant } from './mutant.ts'

export const forgetsWhoOptedIn: Mutant = {
  name: 'a service without the tag is looked after too',
  file: 'functions/shared/managed.ts',
  from: 'tag in tags && isOfEnvironment(tags, environment)',
  to: 'isOfEnvironment(tags, environment)',
  finds: changesOnlyWhatOptedIn,
  story: 'optedOut',
}
