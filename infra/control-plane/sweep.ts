import { Duration } from 'aws-cdk-lib'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { caretakerSchedule } from '../schedule.ts'

/**
 * How often everything tagged is looked at. Events are hints and get lost (ECR's are best
 * effort): this is how long a lost one can matter.
 */
const EVERY = Duration.minutes(5)

export type SweepProps = { rollOut: IStateMachine; deadLetters: IQueue }

/** Sweep: the slow pass that repairs what lost events left, by the same decisions. */
export class Sweep extends Construct {
  constructor(scope: Construct, id: string, { rollOut, deadLetters }: SweepProps) {
    super(scope, id)
    caretakerSchedule(this, 'sweep-roll-out', {
      description: 'Does every service run the image its tag names?',
      every: EVERY,
      target: rollOut,
      input: { sweep: true },
      deadLetters,
    })
  }
}
