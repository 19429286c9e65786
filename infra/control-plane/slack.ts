import { Duration } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { caretakerFunction } from '../function.ts'
import { acknowledge, acknowledgeWildcards } from '../nag.ts'

export type SlackProps = {
  environmentName: string
  table: ITable
  /** The channel of each team, and where everything else is told. */
  channels: Record<string, string>
  defaultChannel: string
  deadLetters: IQueue
}

/** Slack: one living message per roll-out, fed by the table's stream so that nothing waits for it. */
export class Slack extends Construct {
  constructor(scope: Construct, id: string, props: SlackProps) {
    super(scope, id)
    const { table, deadLetters } = props
    const secret = new Secret(this, 'token', {
      secretName: `${props.environmentName}/caretaker/slack`,
      description: 'Slack bot token (xoxb-…); put the value in by hand',
    })
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Slack issues the token; no function of ours can make a new one. It is rotated by putting in another.',
    )
    const tell = caretakerFunction(this, 'tell-slack', {
      description: 'Keeps one Slack message per roll-out in step with its record',
      environment: {
        TABLE_NAME: table.tableName,
        SLACK_SECRET: secret.secretArn,
        CHANNELS: JSON.stringify(props.channels),
        DEFAULT_CHANNEL: props.defaultChannel,
      },
      timeoutSeconds: 60,
      permissions: [
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          resources: [table.tableArn],
        }),
        new PolicyStatement({
          actions: ['secretsmanager:GetSecretValue'],
          resources: [secret.secretArn],
        }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
      ],
    })
    tell.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 25,
        // Changes within two seconds become one edit: Slack allows about one a second and channel.
        maxBatchingWindow: Duration.seconds(2),
        // Slack may be down for hours; the stream keeps a day.
        maxRecordAge: Duration.hours(24),
        bisectBatchOnError: true,
        // The queue's own destination would also grant two actions that Lambda never calls.
        onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.or('INSERT', 'MODIFY'),
            dynamodb: {
              Keys: {
                pk: { S: FilterRule.beginsWith('service#') },
                sk: { S: FilterRule.beginsWith('roll-out#') },
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
