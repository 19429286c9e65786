import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { serviceOf } from '../../../domain/arn.ts'
import type { Push } from '../../../domain/table/record.ts'

/** What the roll-out machine is started with: which service, and why. Never what is to be done. */
export type RollOutInput = { service: string } & (
  | { push: Push }
  | { waiting: true }
  | { sweep: true }
)

/** The longest name of an execution, and what of a service's name is kept in it. */
const NAME = 80
const SERVICE = 40

/**
 * Starts the roll-out of one service. Started again for the same reason it is the same execution,
 * which Step Functions knows for 90 days.
 *
 * @param why what tells this reason from every other: an event's id, a sweep's time.
 */
export async function startRollOut(
  sfn: SFNClient,
  stateMachineArn: string,
  input: RollOutInput,
  why: string,
): Promise<void> {
  const service = serviceOf(input.service).split('/').at(-1) ?? ''
  const name = `${service.slice(0, SERVICE)}-${why}`.replaceAll(/[^\w-]/g, '-').slice(0, NAME)
  try {
    await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    )
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error
  }
}
