import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { Problem } from '../problem.ts'
import { type Configuration, deployedStack } from './account.ts'
import { isUnderWay, retainedBy, type Standing } from './standing.ts'

export type Waiting = {
  configuration: Configuration
  print: (line: string) => void
  sleep: (milliseconds: number) => Promise<void>
  /** Aborted when the person ends the command. */
  interrupted: AbortSignal
}

/** How often CloudFormation is asked how far it is. */
const POLL_MILLISECONDS = 10_000

/**
 * Reads the stacks until CloudFormation does nothing about any of them: a command that was ended
 * leaves it at work.
 *
 * @throws Problem when the person ends this command.
 */
export async function whenStill(
  read: () => Promise<Map<string, Standing>>,
  { print, sleep, interrupted }: Waiting,
): Promise<Map<string, Standing>> {
  const told = new Set<string>()
  for (;;) {
    const standing = await read()
    const moving = [...standing.values()].filter(isUnderWay)
    if (moving.length === 0) return standing
    for (const { name, status } of moving) {
      if (!told.has(name)) print(`${name} is ${status}: waiting until that has ended.`)
      told.add(name)
    }
    await sleep(POLL_MILLISECONDS)
    if (interrupted.aborted) throw new Problem('Ended. Nothing was changed.')
  }
}

/**
 * Deletes a stack with all that its template does not retain, and says what stays.
 *
 * @throws Problem when CloudFormation cannot.
 */
export async function deleteStack(
  name: string,
  { configuration, print, sleep, interrupted }: Waiting,
): Promise<void> {
  const retained = await retainedBy(configuration, name)
  await new CloudFormationClient(configuration).send(new DeleteStackCommand({ StackName: name }))
  for (;;) {
    const stack = await deployedStack(configuration, name)
    if (stack === undefined) break
    if (stack.StackStatus === 'DELETE_FAILED') {
      throw new Problem(
        `${name} cannot be deleted: ${stack.StackStatusReason ?? 'no reason given'}`,
      )
    }
    await sleep(POLL_MILLISECONDS)
    if (interrupted.aborted) throw new Problem(`Ended while ${name} is being deleted.`)
  }
  print(`${name} is deleted.${retained.length === 0 ? '' : ` It leaves: ${retained.join(', ')}`}`)
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const QUEUE_NAME_FREE_AFTER_MILLISECONDS = 60_000

/** Deletes stacks that were never made whole, so that they can be made again at once. */
export async function deleteDead(dead: readonly Standing[], waiting: Waiting): Promise<void> {
  for (const { name } of dead) await deleteStack(name, waiting)
  const hadQueue = dead.some(({ template }) =>
    Object.values(template.Resources).some(({ Type }) => Type === 'AWS::SQS::Queue'),
  )
  if (!hadQueue) return
  waiting.print('Waiting for a minute: SQS gives the name of a deleted queue no sooner.')
  await waiting.sleep(QUEUE_NAME_FREE_AFTER_MILLISECONDS)
}
