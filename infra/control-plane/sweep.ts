import { Duration } from 'aws-cdk-lib'
import { ContextAttribute } from 'aws-cdk-lib/aws-scheduler'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { ADOPTED, TAGS_LOST } from '../../domain/table/adoption-keys.ts'
import { channelPartition } from '../../domain/table/keys.ts'
import { named } from '../names.ts'
import { recordsAlarms } from './alarms.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant, inPartitions } from './grant.ts'
import { observes } from './roll-out-grants.ts'
import { seesSleepers } from './sleep.ts'

/**
 * How often everything tagged is looked at. Events are hints and get lost (ECR's are best
 * effort): this is how long a lost one can matter.
 */
const EVERY = Duration.minutes(5)

export type SweepProps = FeatureProps & {
  rollOut: IStateMachine
  health: IStateMachine
  sleep: IStateMachine
}

/** Sweep: the slow pass that repairs what lost events left, by the same decisions. */
export class Sweep extends Feature {
  constructor(scope: Construct, id: string, { rollOut, health, sleep, ...props }: SweepProps) {
    super(scope, id, props)
    const sweep = this.addFunctionWithCatalog('sweep', {
      description: 'Looks at everything tagged, and starts a machine for what is wrong',
      environment: {
        TABLE_NAME: this.table.tableName,
        ROLL_OUT_MACHINE: rollOut.stateMachineArn,
        HEALTH_MACHINE: health.stateMachineArn,
        SLEEP_MACHINE: sleep.stateMachineArn,
      },
      // A thousand services are read in about a minute at half of ECS's published rates.
      timeoutSeconds: 240,
      grants: [
        ...observes(this, named(this, 'roll-out')),
        ...recordsAlarms(this),
        ...seesSleepers(this),
        grant(
          ['cloudwatch:GetMetricStatistics'],
          ['*'],
          'cloudwatch:GetMetricStatistics knows no resources; it reads how many dead letters there are while their alarm is red.',
        ),
        grant(
          ['dynamodb:PutItem'],
          [this.table.tableArn],
          'Names once each working day what a channel has left red. A condition limits it to these records.',
          inPartitions(channelPartition('*')),
        ),
        grant(
          ['dynamodb:PutItem'],
          [this.table.tableArn],
          'Tells once that something adopted has lost its tags. A condition limits it to these records.',
          inPartitions(`${TAGS_LOST}*`),
        ),
        grant(
          ['dynamodb:UpdateItem'],
          [this.table.tableArn],
          'Notes that this was told, and that the tags are back. A condition limits it to what was adopted.',
          inPartitions(ADOPTED),
        ),
        grant(
          ['sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
          [this.arns.queue(named(this, '*-dead-letters'))],
          'Reads why the newest dead letter is there, at most once an hour and only while there are more of them; without the right to delete any.',
        ),
        grant(
          ['states:StartExecution'],
          [rollOut.stateMachineArn, health.stateMachineArn, sleep.stateMachineArn],
          'Starts what is due.',
        ),
        grant(
          ['states:DescribeExecution'],
          [this.arns.executions(named(this, 'health')), this.arns.executions(named(this, 'sleep'))],
          'Whether the executions that keep a circuit and that move what sleeps still run.',
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
