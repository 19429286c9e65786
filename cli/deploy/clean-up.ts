import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { Problem } from '../problem.ts'
import { type Configuration, deployedStack } from './account.ts'
import type { Cdk } from './cdk.ts'
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

/** What AWS answers to who has not the right. */
const DENIED = /^AccessDenied(Exception)?$/

/**
 * Deletes a stack that is in no template any more, with all that is not retained.
 *
 * @throws Problem when CloudFormation cannot, or the person may not.
 */
export async function deleteStack(name: string, waiting: Waiting): Promise<void> {
  const { configuration, print, sleep, interrupted } = waiting
  try {
    await new CloudFormationClient(configuration).send(new DeleteStackCommand({ StackName: name }))
  } catch (error) {
    if (!DENIED.test((error as Error).name)) throw error
    throw new Problem(
      `${name} is not needed any more, and you may not delete it. Everything else is deployed; run this again with AdministratorAccess.`,
    )
  }
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
  print(`${name} is deleted.`)
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const QUEUE_NAME_FREE_AFTER_MILLISECONDS = 60_000

/**
 * Deletes stacks that were never made whole, so that they can be made again at once, and says what
 * they leave. The CDK does it, whose role may delete what the caller may not.
 */
export async function deleteDead(
  dead: readonly Standing[],
  { assembly, known, cdk }: { assembly: string; known: ReadonlySet<string>; cdk: Cdk },
  waiting: Waiting,
): Promise<void> {
  for (const { name } of dead) {
    const retained = await retainedBy(waiting.configuration, name).catch((error: Error) => {
      if (DENIED.test(error.name)) return []
      throw error
    })
    if (known.has(name)) {
      await cdk(['destroy', name, '--app', assembly, '--exclusively', '--force'])
      waiting.print(`${name} is deleted.`)
    } else await deleteStack(name, waiting)
    if (retained.length > 0) waiting.print(`It leaves: ${retained.join(', ')}`)
  }
  const hadQueue = dead.some(({ template }) =>
    Object.values(template.Resources).some(({ Type }) => Type === 'AWS::SQS::Queue'),
  )
  if (!hadQueue) return
  waiting.print('Waiting for a minute: SQS gives the name of a deleted queue no sooner.')
  await waiting.sleep(QUEUE_NAME_FREE_AFTER_MILLISECONDS)
}
