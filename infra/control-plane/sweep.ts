import { Duration } from 'aws-cdk-lib'
import { ContextAttribute } from 'aws-cdk-lib/aws-scheduler'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { named } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'
import { observes } from './roll-out-grants.ts'

/**
 * How often everything tagged is looked at. Events are hints and get lost (ECR's are best
 * effort): this is how long a lost one can matter.
 */
const EVERY = Duration.minutes(5)

export type SweepProps = FeatureProps & { rollOut: IStateMachine; health: IStateMachine }

/** Sweep: the slow pass that repairs what lost events left, by the same decisions. */
export class Sweep extends Feature {
  constructor(scope: Construct, id: string, { rollOut, health, ...props }: SweepProps) {
    super(scope, id, props)
    const sweep = this.addFunctionWithCatalog('sweep', {
      description: 'Looks at everything tagged, and starts a machine for what is wrong',
      environment: {
        TABLE_NAME: this.table.tableName,
        ROLL_OUT_MACHINE: rollOut.stateMachineArn,
        HEALTH_MACHINE: health.stateMachineArn,
      },
      // A thousand services are read in about a minute at half of ECS's published rates.
      timeoutSeconds: 240,
      grants: [
        ...observes(this, named(this, 'roll-out')),
        grant(
          ['states:StartExecution'],
          [rollOut.stateMachineArn, health.stateMachineArn],
          'Starts what is due.',
        ),
        grant(
          ['states:DescribeExecution'],
          [this.arns.executions(named(this, 'health'))],
          'Whether the execution that keeps a circuit still runs.',
        ),
      ],
    })
    this.addSchedule('sweep-schedule', {
      description: 'Is everything that carries our tags as it should be?',
      every: EVERY,
      target: sweep,
      input: { sweep: ContextAttribute.scheduledTime },
    })
  }
}
