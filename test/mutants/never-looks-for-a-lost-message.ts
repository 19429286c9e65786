import { leavesTheSameWorld } from '../../local/invariants/leaves-the-same-world.ts'
import type { Mutant } from './mutant.ts'

export const neverLooksForALostMessage: Mutant = {
  name: 'a message whose answer was lost is posted again',
  file: 'functions/tell-slack/post.ts',
  from: 'const lost = await find(context, claimed, key)',
  to: 'const lost = false as never',
  finds: leavesTheSameWorld,
  story: 'killedAfterPosting',
}
