import { Stack } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { named } from '../../names.ts'
import { environmentDeadLettersArn } from '../dead-letters.ts'
import { allowOwnRules } from '../own-rules.ts'

export const NOTICES_TOPIC = 'notices'

/**
 * The topic `<environment>-notices`: what happened that an alarm counts. Subscribe to
 * it for a mail about each.
 */
export function notices(scope: Construct): void {
  const topic = new Topic(scope, NOTICES_TOPIC, {
    topicName: named(scope, NOTICES_TOPIC),
    enforceSSL: true,
  })
  topic.addToResourcePolicy(allowOwnRules(scope, 'sns:Publish', topic.topicArn))
}

export type NoticedRule = {
  what: string
  description: string
  eventPattern: object
  /** Whether calls that only read count, which EventBridge else keeps from rules. */
  reads?: boolean
}

/** A notice is worth repeating only while somebody may still look. */
const RETRY = { maximumRetryAttempts: 8, maximumEventAgeInSeconds: 60 * 60 }

/**
 * A rule that puts events on the topic.
 *
 * @returns how many there were, for an alarm.
 */
export function countEvents(
  scope: Construct,
  { what, description, eventPattern, reads = false }: NoticedRule,
): Metric {
  const stack = Stack.of(scope)
  const name = named(scope, what)
  new CfnRule(scope, `${what}-rule`, {
    name,
    description,
    eventPattern,
    state: reads ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
    targets: [
      {
        id: NOTICES_TOPIC,
        arn: stack.formatArn({ service: 'sns', resource: named(scope, NOTICES_TOPIC) }),
        retryPolicy: RETRY,
        deadLetterConfig: { arn: environmentDeadLettersArn(scope) },
      },
    ],
  })
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensionsMap: { RuleName: name },
    statistic: Stats.SUM,
  })
}
