import { Duration } from 'aws-cdk-lib'
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { MISSING_IMAGE, ROLL_OUT } from '../../domain/table/keys.ts'
import { acknowledge, acknowledgeWildcards } from '../nag.ts'
import { secretNamed } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'

/** Notices: one Slack message per record, fed by the table's stream so that nothing waits for it. */
export class Notices extends Feature {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const { table, deadLetters } = this
    const secret = new Secret(this, 'token', {
      secretName: secretNamed(this, 'caretaker', 'slack'),
      description: 'Slack bot token (xoxb-…); put the value in by hand',
    })
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Slack issues the token; no function of ours can make a new one. It is rotated by putting in another.',
    )
    const tell = this.addFunctionWithCatalog('tell-slack', {
      description: 'Keeps one Slack message per record in step with it',
      environment: { TABLE_NAME: table.tableName, SLACK_SECRET: secret.secretArn },
      timeoutSeconds: 60,
      tellsErrors: 'mail',
      grants: [
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [table.tableArn],
          'Notes where each message is.',
        ),
        grant(['secretsmanager:GetSecretValue'], [secret.secretArn], 'The bot token.'),
        grant(['sqs:SendMessage'], [deadLetters.queueArn], 'Records that could not be told.'),
      ],
    })
    tell.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 25,
        // Changes within two seconds become one edit: Slack allows about one a second and channel.
        maxBatchingWindow: Duration.seconds(2),
        // Slack may be down for hours; the stream keeps a day, and Lambda tries about once a minute.
        maxRecordAge: Duration.hours(24),
        retryAttempts: 2000,
        bisectBatchOnError: true,
        // The queue's own destination would also grant two actions that Lambda never calls.
        onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.or('INSERT', 'MODIFY'),
            dynamodb: {
              Keys: {
                pk: { S: FilterRule.beginsWith('service#') },
                sk: { S: [ROLL_OUT, MISSING_IMAGE].flatMap(FilterRule.beginsWith) },
              },
            },
          }),
        ],
      }),
    )
    acknowledgeWildcards(
      tell,
      ['*'],
      'dynamodb:ListStreams, which the event source mapping needs, knows no resources.',
    )
  }
}
