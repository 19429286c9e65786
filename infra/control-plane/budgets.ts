import { Stack } from 'aws-cdk-lib'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { BUDGET, BUDGETS, environmentKey } from '../../domain/table/keys.ts'
import { budgetTopicArn } from '../budget-topic.ts'
import { acknowledge } from '../nag.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant, inPartitions } from './grant.ts'

/** AWS counts months in UTC: what a month has held ends with it. */
const DAILY = { at: '00:00', timeZone: 'UTC' }

/** Budgets: what is spent is told, a team whose budget is spent is held, and a new month undoes it. */
export class Budgets extends Feature {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const { account, partition } = Stack.of(this)
    const keep = this.addFunctionWithCatalog('keep-budgets', {
      description: 'Looks at the budgets of the catalog',
      environment: { TABLE_NAME: this.table.tableName, ACCOUNT_ID: account },
      timeoutSeconds: 60,
      grants: [
        grant(
          ['budgets:ViewBudget'],
          [`arn:${partition}:budgets::${account}:budget/*`],
          'Reads what is spent; a list is of all budgets of the account.',
        ),
        grant(
          ['dynamodb:BatchGetItem'],
          [this.table.tableArn],
          'Reads what is kept of budgets, and which teams are held.',
        ),
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [this.table.tableArn],
          'Keeps figures, what people are told, and which teams are held. A condition limits it to these.',
          inPartitions(BUDGETS, `${BUDGET}*`, environmentKey.pk),
        ),
      ],
    })
    this.addSchedule('keep-budgets-schedule', {
      description: 'How do the budgets stand, and has a new month begun?',
      every: DAILY,
      target: keep,
      input: { look: 'daily' },
    })
    const topic = budgetTopicArn(this)
    keep.addPermission('alerts', {
      principal: new ServicePrincipal('sns.amazonaws.com'),
      sourceArn: topic,
    })
    acknowledge(
      new CfnSubscription(this, 'alerts', {
        ...{ topicArn: topic, protocol: 'lambda', endpoint: keep.functionArn },
      }),
      'Serverless-SNSRedrivePolicy',
      'An alert that SNS cannot hand on says what the daily look sees by itself.',
    )
  }
}
