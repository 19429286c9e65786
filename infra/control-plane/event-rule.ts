import { Duration } from 'aws-cdk-lib'
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { named } from '../names.ts'

/** A pattern as `events/` writes it: EventBridge's own JSON. */
export type Pattern = { source: string[]; 'detail-type': string[]; detail?: object }

export type CaretakerRuleProps = {
  description: string
  pattern: Pattern
  target: Lambda
  /** Also what CloudTrail counts as a read; a rule is not told of that by itself. */
  reads?: boolean
  /** Where an event goes that could not be handed on, or that the function failed on. */
  deadLetters: IQueue
}

/**
 * Long enough for a throttled or failing target to come back, and short of EventBridge's default
 * (185 attempts in 24 hours): by then the sweep has long repaired what the event was about, and
 * a person should know.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
const RETRY = { retryAttempts: 8, maxEventAge: Duration.hours(6) }

/** A rule on the default bus with one target, bounded retry and a dead-letter queue. */
export function caretakerRule(scope: Construct, id: string, props: CaretakerRuleProps): Rule {
  const { description, pattern, target, reads = false, deadLetters } = props
  const ruleName = named(scope, id)
  const common = { ...RETRY, deadLetterQueue: deadLetters }
  handleAsynchronously(target, deadLetters)
  const rule = new Rule(scope, id, {
    ruleName,
    description,
    eventPattern: {
      source: pattern.source,
      detailType: pattern['detail-type'],
      ...(pattern.detail && { detail: pattern.detail }),
    },
    targets: [new LambdaFunction(target, common)],
  })
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
  if (reads) (rule.node.defaultChild as CfnRule).state = READS
  return rule
}

const READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'

/**
 * EventBridge and Scheduler only queue an event for a function; what the function then fails on is
 * Lambda's to retry and, in the end, to put aside. Once per function, whatever the number of its rules.
 */
export function handleAsynchronously(fn: Lambda, deadLetters: IQueue): void {
  if (fn.node.tryFindChild('EventInvokeConfig') !== undefined) return
  fn.addToRolePolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
  )
  fn.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: RETRY.maxEventAge,
    // The queue's own destination would also grant two actions that Lambda never calls.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  })
}
