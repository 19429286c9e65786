import type { Failure } from '../../domain/table/record.ts'
import type { Judgement } from './judge.ts'

/** How a roll-out ends when not as planned. */
export type Outcome = { verdict: 'rolled-back' | 'superseded'; reason: string }

/** The machine catches these by name; the message is a JSON `Outcome`, which it records. */
class Ended extends Error {
  constructor(outcome: Outcome) {
    super(JSON.stringify(outcome))
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
    return new DeploymentEnded({ verdict: 'superseded', reason })
  }
  const reason = failure === undefined ? judgement.reason : sentence(failure)
  const outcome: Outcome = { verdict: 'rolled-back', reason }
  return judgement.state === 'rolled-back'
    ? new DeploymentEnded(outcome)
    : new RollBackNeeded(outcome)
}

/** One line: what stopped, and with which exit code. */
export function sentence({ stoppedReason, container, exitCode }: Failure): string {
  return exitCode === undefined
    ? stoppedReason
    : `${stoppedReason} (${container}, exit code ${exitCode})`
}
