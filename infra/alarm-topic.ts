import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import { acknowledge } from './nag.ts'
import { named } from './names.ts'

export const ALARM_TOPIC = 'alarms'

/**
 * The topic `<environment>-alarms`, which every alarm of the environment tells when it is raised.
 *
 * @param email who gets a mail about each, once they have confirmed AWS's own mail.
 */
export function alarmTopic(scope: Construct, email: string | undefined): void {
  const { account } = Stack.of(scope)
  const topic = new Topic(scope, `${ALARM_TOPIC}-topic`, {
    topicName: named(scope, ALARM_TOPIC),
    enforceSSL: true,
  })
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
  topic.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sns:Publish'],
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: {
          'aws:SourceArn': `arn:${Stack.of(scope).partition}:cloudwatch:*:${account}:alarm:${named(scope, '*')}`,
        },
      },
    }),
  )
  if (email === undefined) return
  acknowledge(
    topic.addSubscription(new EmailSubscription(email)),
    'Serverless-SNSRedrivePolicy',
    'A mail that SNS cannot deliver says what the alarm shows: it stays raised until its cause is gone.',
  )
}

/** The topic's ARN by its name, which every stack can tell. */
export function alarmTopicArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'sns', resource: named(scope, ALARM_TOPIC) })
}
