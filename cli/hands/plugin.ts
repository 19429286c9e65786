import type { Place } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'

const PLUGIN =
  'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html'
const CLI = 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html'

/** What AWS's own programs are needed for. @throws Problem, which says where they come from. */
export function needsSessions(terminal: Terminal): void {
  if (!terminal.has('aws')) throw new Problem(`This needs the AWS CLI (\`aws\`): ${CLI}`)
  if (!terminal.has('session-manager-plugin')) {
    throw new Problem(`This needs AWS's session-manager-plugin: ${PLUGIN}`)
  }
}

/** The simulation has no machines to look into. @throws Problem */
export function needsMachines({ endpoint }: Place, what: string): void {
  if (endpoint === undefined) return
  throw new Problem(
    `The simulated AWS at ${endpoint} runs no real containers or machines, so ${what}. AWS itself: --aws.`,
  )
}
