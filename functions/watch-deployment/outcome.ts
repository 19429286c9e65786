import type { Failure } from '../../domain/table/record.ts'
import type { TriedVerdict } from '../../domain/verdicts.ts'
import type { Judgement } from './judge.ts'

/** How a roll-out ends, and what the machine does next about it. */
export type Outcome = {
  /** `wait`: it is under way, and comes on. */
  next: 'record' | 'roll-back' | 'wait'
  verdict: 'deployed' | 'staged' | 'rolled-back' | 'superseded' | 'failed'
  reason: string
  /** What became of the digest: an image is blamed only for what the image did. */
  tried: TriedVerdict
}

/** The machine catches these by name; the message is a JSON `Outcome`, which it records. */
class Ended extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(JSON.stringify(outcome))
    this.outcome = outcome
  }
}

/** ECS has rolled back, or somebody else's deployment has taken over: only the record is left. */
export class DeploymentEnded extends Ended {
  override readonly name = 'DeploymentEnded'
}

/** The deployment does not hold, and nobody but Caretaker will undo it. */
export class RollBackNeeded extends Ended {
  override readonly name = 'RollBackNeeded'
}

/** The error that a judgement leads to; undefined while there is none. */
export function errorFor(judgement: Judgement, failure: Failure | undefined): Ended | undefined {
  if (judgement.state === 'in-progress' || judgement.state === 'succeeded') return undefined
  if (judgement.state === 'replaced') {
    const reason = `somebody else's deployment took its place: ${judgement.reason}`
    return new DeploymentEnded({
      next: 'record',
      verdict: 'superseded',
      reason,
      tried: 'superseded',
    })
  }
  const reason = failure === undefined ? judgement.reason : sentence(failure)
  const blame = blameFor(failure, judgement.reason)
  return judgement.state === 'rolled-back'
    ? new DeploymentEnded({ next: 'record', ...blame, reason })
    : new RollBackNeeded({ next: 'roll-back', ...blame, reason })
}

/**
 * The verdict of a roll-out that did not hold: `rolled-back`, after which the image is not tried
 * again by itself; or `failed` where ECS could not start a task for a reason that is not in the
 * image, after which the sweep tries it again.
 *
 * @param failure undefined when ECS counts failures and remembers none of the tasks any more.
 * @param reason why ECS went back.
 */
export function blameFor(
  failure: Failure | undefined,
  reason = '',
): Pick<Outcome, 'verdict' | 'tried'> {
  const isOther = failure === undefined ? NOT_SET_UP.test(reason) : isNotOfTheImage(failure)
  return isOther
    ? { verdict: 'failed', tried: 'failed' }
    : { verdict: 'rolled-back', tried: 'rolled-back' }
}

/**
 * ECS's words for a load balancer or a hook that is not set up as it needs it. A hook that says no
 * has looked at the image; one that cannot be asked has not.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
const NOT_SET_UP =
  /of invalid networking configuration|lifecycle hook\(s\) failed\. (ECS was unable to|User: )/

/**
 * Reasons for which a task does not start whatever image it has: secrets and logs that cannot be
 * had, no capacity, no network, a registry that refuses.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const NOT_OF_THE_IMAGE =
  /ResourceInitializationError|RESOURCE:|[Cc]apacity is unavailable|Timeout waiting for network interface|CannotPull\w*Error: .*(denied|not authorized|no basic auth|i\/o timeout|dial tcp|connection|TLS|toomanyrequests)|CannotStartContainerError: .*log driver/

/**
 * What the image should start and does not have, or may not run. Fargate calls that too a
 * ResourceInitializationError. https://github.com/aws/amazon-ecs-agent/issues/2954
 */
const NOTHING_TO_START =
  /CannotStartContainerError: .*exec: ".*": (stat .*no such file|executable file not found|permission denied)/

const isNotOfTheImage = ({ stoppedReason, exitCode }: Failure): boolean =>
  exitCode === undefined &&
  NOT_OF_THE_IMAGE.test(stoppedReason) &&
  !NOTHING_TO_START.test(stoppedReason)

/** One line: what stopped, and with which exit code. */
export function sentence({ stoppedReason, container, exitCode }: Failure): string {
  return exitCode === undefined
    ? stoppedReason
    : `${stoppedReason} (${container}, exit code ${exitCode})`
}
