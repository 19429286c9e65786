import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { neverAlarm } from '../../alarm.ts'
import { named } from '../../names.ts'
import { countEvents } from '../observability/notices.ts'
import { BREAK_GLASS, BREAK_GLASS_USED } from './break-glass-limits.ts'

/** Raises `break-glass-used` when somebody assumes `<environment>-break-glass`, from CloudTrail's event. */
export function watchBreakGlass(scope: Construct): void {
  const { partition, account } = Stack.of(scope)
  neverAlarm(scope, BREAK_GLASS_USED, {
    metric: countEvents(scope, {
      what: BREAK_GLASS_USED,
      description: `Somebody took the role ${named(scope, BREAK_GLASS)}`,
      // For CloudTrail, AssumeRole is a read.
      reads: true,
      eventPattern: {
        source: ['aws.sts'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['sts.amazonaws.com'],
          eventName: ['AssumeRole'],
          requestParameters: {
            roleArn: [`arn:${partition}:iam::${account}:role/${named(scope, BREAK_GLASS)}`],
          },
        },
      },
    }),
    meaning: 'Somebody may do everything for an hour.',
    severity: 'page',
  })
}
