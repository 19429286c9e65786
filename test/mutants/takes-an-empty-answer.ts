import { movesNoCircuitOnAFailedRead } from '../../local/invariants/moves-no-circuit-on-a-failed-read.ts'
import type { Mutant } from './mutant.ts'

export const takesAnEmptyAnswer: Mutant = {
  name: 'a circuit is moved although ECS lists none of the tasks that run',
  file: 'functions/move-circuit/see.ts',
  from: 'if (taskArns.length === 0 && (service.runningCount ?? 0) > 0) {',
  to: 'if (taskArns.length < 0) {',
  finds: movesNoCircuitOnAFailedRead,
  story: 'redBackend',
}
