import { createHash } from 'node:crypto'
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { serviceOf } from '../../domain/arn.ts'

/**
 * An execution's name has 80 characters at the most: the service's name as far as it fits, a few
 * digits that tell services of one name in two clusters apart, and the reason (a UUID has 36).
 */
const NAME = 80
const SERVICE = 30
const HASH = 8

/**
 * Starts a machine for one service. Started again for the same reason it is the same execution,
 * which Step Functions knows for 90 days.
 *
 * @param input `service`: its ARN or its name.
 * @param why what tells this reason from every other: an event's id, a sweep's time.
 */
export async function startFor(
  sfn: SFNClient,
  stateMachineArn: string,
  input: { service: string },
  why: string,
): Promise<void> {
  const service = serviceOf(input.service).split('/').at(-1) ?? ''
  const which = createHash('sha256').update(input.service).digest('hex').slice(0, HASH)
  await startMachine(sfn, stateMachineArn, input, [service.slice(0, SERVICE), which, why].join('-'))
}

/** Starts a machine for a reason: once for each, however often it is asked. */
export async function startMachine(
  sfn: SFNClient,
  stateMachineArn: string,
  input: object,
  why: string,
): Promise<void> {
  const name = why.replaceAll(/[^\w-]/g, '-')
  try {
    await sfn.send(
      new StartExecutionCommand({
        stateMachineArn,
        name: name.slice(0, NAME),
        input: JSON.stringify(input),
      }),
    )
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error
  }
}
