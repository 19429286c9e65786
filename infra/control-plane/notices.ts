import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import {
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { TAGS_LOST } from '../../domain/table/adoption-keys.ts'
import {
  ANOMALY,
  BUDGET,
  EPISODE,
  FAILURE,
  heldPartition,
  MISSING_IMAGE,
  NIGHT,
  PIPELINE,
  ROLL_OUT,
  SAVINGS,
  SLEEP_FACT,
  STILL_RED,
  slackKey,
} from '../../domain/table/keys.ts'
import { TAG_NOTICE, TAG_REPORT } from '../../domain/table/tag-keys.ts'
import { runbookAlarm } from '../alarm.ts'
import { alarmTopicArn } from '../alarm-topic.ts'
import { acknowledge, acknowledgeWildcards } from '../nag.ts'
import { named, secretNamed } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'

/** Below the time for which a message's claim holds (`functions/tell-slack/place.ts`). */
const TIMEOUT_SECONDS = 45
/** How old the oldest of what waits may be. */
const OLDEST_MINUTES = 10

/** Notices: one Slack message per record, fed by the table's stream so that nothing waits for it. */
export class Notices extends Feature {
  /** The bot token's. */
  readonly token: Secret

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const secret = this.#secret()
    this.token = secret
    const queue = this.#queue()
    const topic = alarmTopicArn(this)
    const tell = this.addFunctionWithCatalog('tell-slack', {
      description: 'Keeps one Slack message per record in step with it',
      environment: {
        TABLE_NAME: this.table.tableName,
        SLACK_SECRET: secret.secretArn,
        QUEUE_URL: queue.queueUrl,
        TOPIC_ARN: topic,
      },
      timeoutSeconds: TIMEOUT_SECONDS,
      tellsErrors: 'mail',
      grants: this.#grants(secret, queue, topic),
    })
    this.#readsStream(tell)
    // The queue's own event source would also grant an action that Lambda never calls.
    tell.addEventSourceMapping('waiting', {
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // What waits is told one after the other: Slack takes about one message a second.
      maxConcurrency: 2,
    })
    acknowledge(
      tell,
      'Serverless-LambdaEventSourceMappingDestination',
      'The stream has one; a queue puts aside by its own redrive policy.',
    )
    for (const [team, { quiet }] of Object.entries(props.catalog.environment.teams)) {
      if (quiet === undefined) continue
      this.addSchedule(`quiet-over-${team}`, {
        description: `Tells ${team} what waited for the end of its quiet hours`,
        every: { at: quiet.to, timeZone: props.catalog.environment.timeZone },
        target: tell,
        input: { quietOver: team },
      })
    }
  }

  #secret(): Secret {
    const secret = new Secret(this, 'token', {
      secretName: secretNamed(this, 'caretaker', 'slack'),
      description: 'Slack bot token (xoxb-…); put the value in by hand',
    })
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Slack issues the token; no function of ours can make a new one. It is rotated by putting in another.',
    )
    return secret
  }

  /** What Slack does not take now. A rate limit is over in seconds; an outage waits in the table. */
  #queue(): Queue {
    const queue = new Queue(this, 'notices', {
      queueName: named(this, 'notices'),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // Six times the function's own, as Lambda's page asks for.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 100 },
    })
    runbookAlarm(this, 'notices-late', {
      name: 'notices-late',
      metric: queue.metricApproximateAgeOfOldestMessage({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      meaning: `Something has waited for Slack for ${OLDEST_MINUTES} minutes, and nothing takes it up.`,
      threshold: OLDEST_MINUTES * 60,
      missing: 'fine',
      tellsBy: 'mail',
    })
    return queue
  }

  #grants(secret: Secret, queue: Queue, topic: string): Grant[] {
    const { table, deadLetters } = this
    return [
      grant(
        ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        [table.tableArn],
        'Reads the records, and notes where each message is and what waits.',
      ),
      grant(
        ['dynamodb:DeleteItem'],
        [table.tableArn],
        'What waited was told, or Slack takes messages again. Conditions limit it to these items: no record is deleted.',
        inPartitions(heldPartition('*'), slackKey.pk),
      ),
      grant(['secretsmanager:GetSecretValue'], [secret.secretArn], 'The bot token.'),
      grant(
        ['sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
        [queue.queueArn],
        'Lets wait what Slack does not take now.',
      ),
      grant(
        ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        [queue.queueArn],
        'Lambda reads the queue with the function’s role.',
      ),
      grant(['sqs:SendMessage'], [deadLetters.queueArn], 'Records that could not be told.'),
      grant(['sns:Publish'], [topic], 'Speaks by e-mail where Slack does not.'),
      grant(
        ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage'],
        ['*'],
        'Draws the chart of an alarm’s metric; neither action knows resources.',
      ),
    ]
  }

  #readsStream(tell: LambdaFunction): void {
    const { table, deadLetters } = this
    const anyOf = (beginnings: readonly string[]) =>
      beginnings.flatMap((one) => FilterRule.beginsWith(one))
    const keys = (pk: readonly string[], sk: readonly string[]) => ({
      eventName: FilterRule.or('INSERT', 'MODIFY'),
      dynamodb: { Keys: { pk: { S: anyOf(pk) }, sk: { S: anyOf(sk) } } },
    })
    tell.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        // A change has the record twice, before and after, with lines of a log in
        // any script: three stay below 64 kB.
        batchSize: 3,
        // Changes within two seconds become one edit: Slack allows about one a second and channel.
        maxBatchingWindow: Duration.seconds(2),
        // What AWS itself refuses, for as long as the stream keeps it; Slack never holds it up.
        maxRecordAge: Duration.hours(24),
        retryAttempts: 2000,
        bisectBatchOnError: true,
        // The queue's own destination would also grant two actions that Lambda never calls.
        onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
        // A mapping takes five filters.
        // https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
        filters: [
          keys(['service#'], [ROLL_OUT, MISSING_IMAGE]),
          keys(
            ['alarm#', 'channel#', 'pipeline#', 'control-plane', NIGHT, SLEEP_FACT, SAVINGS],
            [EPISODE, STILL_RED, PIPELINE, FAILURE, NIGHT, SLEEP_FACT, SAVINGS],
          ),
          keys([TAG_NOTICE, TAG_REPORT, TAGS_LOST], [TAG_NOTICE, TAG_REPORT, TAGS_LOST]),
          keys([BUDGET, ANOMALY], [BUDGET, ANOMALY]),
        ].map((one) => FilterCriteria.filter(one)),
      }),
    )
    acknowledgeWildcards(
      tell,
      ['*'],
      'dynamodb:ListStreams, which the event source mapping needs, knows no resources.',
    )
  }
}
