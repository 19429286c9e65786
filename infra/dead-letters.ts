import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { neverAlarm } from './alarm.ts'
import { acknowledge } from './nag.ts'
import { named } from './names.ts'

/**
 * The queue for what could not be delivered, with the alarm `<id>-dlq`. One for the whole control
 * plane: each message names the rule, schedule or function it comes from, and one alarm is read
 * where ten are not.
 *
 * @param tellsBy `mail`: among what ends in it is what could not be told.
 */
export function deadLetterQueue(scope: Construct, id: string, tellsBy?: 'mail'): Queue {
  const queue = new Queue(scope, `${id}-dead-letters`, {
    queueName: named(scope, id, 'dead-letters'),
    // The longest that SQS allows: two weekends to look at it.
    retentionPeriod: Duration.days(14),
    // A customer key would have to admit every service that writes here, for no secret.
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  })
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    acknowledge(queue, rule, 'This is the dead-letter queue of the others.')
  }
  neverAlarm(scope, `${id}-dlq`, {
    metric: queue.metricApproximateNumberOfMessagesVisible(),
    // The largest number in the queue: a sum would count the same message every minute.
    statistic: Stats.MAXIMUM,
    // SQS measures nothing of a queue that nobody has used for six hours.
    missing: 'same',
    meaning: 'Something could not be handed on after all retries.',
    ...(tellsBy && { tellsBy }),
  })
  return queue
}
