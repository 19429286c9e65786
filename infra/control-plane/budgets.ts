import { Stack } from 'aws-cdk-lib'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { ANOMALY, BUDGET, BUDGETS, environmentKey, SLEEP } from '../../domain/table/keys.ts'
import { budgetTopicArn } from '../budget-topic.ts'
import { acknowledge } from '../nag.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant, inPartitions } from './grant.ts'
import { OPTED_IN } from './roll-out-grants.ts'

/**
 * AWS has new figures up to three times a day, and an alert comes only for the first that passes its
 * threshold. It counts months in UTC: what a month has held ends with it.
 */
const LOOKS = { at: '00:00', timeZone: 'UTC', everyHours: 6 }

type BudgetsProps = FeatureProps & { sleep: IStateMachine }

/** Budgets: what is spent is told, a team whose budget is spent is held, and a new month undoes it. */
export class Budgets extends Feature {
  constructor(scope: Construct, id: string, { sleep, ...props }: BudgetsProps) {
    super(scope, id, props)
    const { account, partition } = Stack.of(this)
    const keep = this.addFunctionWithCatalog('keep-budgets', {
      description: 'Looks at the budgets of the catalog',
      environment: {
        TABLE_NAME: this.table.tableName,
        ACCOUNT_ID: account,
        SLEEP_MACHINE: sleep.stateMachineArn,
      },
      timeoutSeconds: 60,
      grants: [
        grant(
          ['budgets:ViewBudget'],
          [`arn:${partition}:budgets::${account}:budget/*`],
          'Reads what is spent; a list is of all budgets of the account.',
        ),
        grant(
          ['dynamodb:BatchGetItem', 'dynamodb:Query'],
          [this.table.tableArn],
          'Reads what is kept of budgets and of what sleeps, and which teams are held.',
        ),
        grant(
          ['ce:GetCostAndUsage'],
          ['*'],
          'It knows no resources, and only reads: what costs more than a week before.',
        ),
        grant(
          ['tag:GetResources'],
          ['*'],
          'It knows no resources, and only reads: what carries a schedule and could sleep.',
        ),
        grant(['ecs:DescribeServices'], [this.arns.services], OPTED_IN),
        grant(
          ['states:StartExecution'],
          [sleep.stateMachineArn],
          'Lets what is asked for be put to sleep, and woken.',
        ),
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [this.table.tableArn],
          'Keeps figures, what people are told, which teams are held, and what is to sleep. A condition limits it to these.',
          inPartitions(BUDGETS, `${BUDGET}*`, `${ANOMALY}*`, SLEEP, environmentKey.pk),
        ),
      ],
    })
    this.addSchedule('keep-budgets-schedule', {
      description: 'How do the budgets stand, and has a new month begun?',
      every: LOOKS,
      target: keep,
      input: { look: 'scheduled' },
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
      'An alert that SNS cannot hand on says what the next look sees by itself.',
    )
  }
}
