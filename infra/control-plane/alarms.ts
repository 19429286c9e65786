import type { Construct } from 'constructs'
import { ALARMS, EPISODE, servicePartition } from '../../domain/table/keys.ts'
import { pattern as alarmChanged } from '../../events/alarm-changed.ts'
import { pattern as alarmConfigured } from '../../events/alarm-configured.ts'
import { pattern as contributorChanged } from '../../events/alarm-contributor-changed.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'
import { OPTED_IN } from './roll-out-grants.ts'

/** Alarms: each episode of an alarm is a record, whatever alarm it is, if its tags make it ours. */
export class Alarms extends Feature {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const record = this.addFunctionWithCatalog('record-alarm', {
      description: 'Keeps a record of each episode of an alarm in step with the alarm',
      environment: { TABLE_NAME: this.table.tableName },
      timeoutSeconds: 30,
      grants: recordsAlarms(this),
    })
    const rules = {
      'alarm-changed': ['An alarm changed its state: bring its record up to date', alarmChanged],
      'alarm-contributor-changed': [
        'One time series of an alarm turned red or green: bring its record up to date',
        contributorChanged,
      ],
      'alarm-configured': [
        'An alarm was deleted: whether it is over is not known',
        alarmConfigured,
      ],
    } as const
    for (const [name, [description, pattern]] of Object.entries(rules)) {
      this.addRule(name, { description, pattern, target: record })
    }
  }
}

/** What it takes to record an alarm: the grants of whoever calls `functions/shared/alarms/keep.ts`. */
export function recordsAlarms({ arns, table }: Feature): Grant[] {
  return [
    grant(
      ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
      [arns.alarms],
      'Reads only: whether actions are enabled, which composite alarms fire, whose an alarm is. Any alarm may join by its tags.',
    ),
    grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
    grant(
      ['dynamodb:BatchGetItem', 'dynamodb:Query'],
      [table.tableArn],
      'Reads what is kept of the alarm, and the roll-outs of its service.',
    ),
    grant(
      ['dynamodb:PutItem'],
      [table.tableArn],
      'Writes its record and its state, in a transaction of both. Conditions limit it to these.',
      inPartitions(ALARMS, `${EPISODE}*`),
    ),
    grant(
      ['dynamodb:UpdateItem'],
      [table.tableArn],
      'The same later; and says in the record of the deployment before it, in whose thread it is told.',
      inPartitions(ALARMS, `${EPISODE}*`, servicePartition('*')),
    ),
  ]
}
