import { leavesTheSameWorld } from '../../local/invariants/leaves-the-same-world.ts'
import type { Mutant } from './mutant.ts'

export const neverLooksForALostMessage: Mutant = {
  name: 'a message whose answer was lost is posted again',
  file: 'functions/tell-slack/post.ts',
  from: 'const lost = await lookFor(context, key, found, target)',
  to: 'const lost = undefined as never',
  finds: leavesTheSameWorld,
  story: 'killedAfterPosting',
}
