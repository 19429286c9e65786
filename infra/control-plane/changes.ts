import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { SLEEP } from '../../domain/table/keys.ts'
import { pattern as databaseStarted } from '../../events/database-started.ts'
import { pattern as resourceChanged } from '../../events/resource-changed.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant, inPartitions } from './grant.ts'
import { ownTrail } from './trail.ts'

export type ChangesProps = FeatureProps & { rollOut: StateMachine; sleep: StateMachine }

/**
 * Changes by hand: who has started or stopped what sleeps is known from CloudTrail, and what AWS has
 * started after seven days from RDS. A lost event costs a sweep, and then nobody is known.
 */
export class Changes extends Feature {
  constructor(scope: Construct, id: string, { rollOut, sleep, ...props }: ChangesProps) {
    super(scope, id, props)
    const { trail } = props.catalog.environment
    const record = this.addFunctionWithCatalog('record-change', {
      description: 'Keeps who has started or stopped what sleeps, for the next look',
      environment: {
        TABLE_NAME: this.table.tableName,
        SLEEP_MACHINE: sleep.stateMachineArn,
        OWN_ROLES: JSON.stringify([rollOut.role.roleArn, sleep.role.roleArn]),
      },
      timeoutSeconds: 30,
      grants: [
        grant(
          ['dynamodb:BatchGetItem'],
          [this.table.tableArn],
          'Reads what is kept of what was changed.',
        ),
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [this.table.tableArn],
          'Keeps with it who has changed it. A condition limits it to these.',
          inPartitions(SLEEP),
        ),
        grant(
          ['states:StartExecution'],
          [sleep.stateMachineArn],
          'Has the machine look at what was changed.',
        ),
      ],
    })
    this.addRule('database-started', {
      description: 'A database has started, or AWS begins to start one',
      pattern: databaseStarted,
      target: record,
    })
    if (trail === 'none') return
    this.addRule('resource-changed', {
      description: 'Somebody has started, stopped, made or resized something: who it was',
      pattern: resourceChanged,
      target: record,
    })
    if (trail === 'own') ownTrail(this)
  }
}
