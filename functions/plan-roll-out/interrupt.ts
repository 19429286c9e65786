import type { Logger } from '@aws-lambda-powertools/logger'
import { SendTaskFailureCommand, type SFNClient } from '@aws-sdk/client-sfn'

/** The machine may have been answered already, or not wait yet: then its end is awaited. */
const ANSWERED = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']

/**
 * Ends the roll-out under way, which records itself as superseded and lets the waiting ones go on.
 * Nothing is done to ECS: the next roll-out replaces what this one deployed.
 *
 * @param taskToken of the machine that waits for a deployment; undefined while none waits.
 */
export async function interrupt(
  { sfn, log }: { sfn: SFNClient; log: Logger },
  taskToken: string | undefined,
  reason: string,
): Promise<void> {
  if (taskToken === undefined) return
  const outcome = { next: 'record', verdict: 'superseded', tried: 'superseded', reason }
  const cause = { errorType: 'DeploymentEnded', errorMessage: JSON.stringify(outcome) }
  try {
    await sfn.send(
      new SendTaskFailureCommand({
        taskToken,
        error: 'DeploymentEnded',
        cause: JSON.stringify(cause),
      }),
    )
  } catch (error) {
    if (!(error instanceof Error) || !ANSWERED.includes(error.name)) throw error
    log.info('the machine has been answered already', { refused: error.name })
  }
}
