import { CfnParameter, Stack } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { budgetsOf, type CatalogBudget } from '../../../catalog/budgets.ts'
import type { Environment } from '../../../catalog/schema.ts'
import { BUDGET_TOPIC } from '../../budget-topic.ts'
import { environmentOf, named } from '../../names.ts'
import { anomalies } from './anomalies.ts'

/** Percent of the budget at which a message is sent once they are spent; of the forecast, at 100. */
const SPENT = [80, 100]
const FORECAST = 100

/**
 * The catalog's budgets. AWS updates them up to three times a day, and knows a tag only once it is a
 * cost allocation tag (`npx caretaker environment doctor` says whether it is).
 */
export function budgets(scope: Construct, environment: Environment): void {
  const topic = budgetTopic(scope)
  for (const one of budgetsOf(environment)) monthly(scope, topic, one)
  anomalies(scope, topic, environment)
}

/** Their topic, `<environment>-budgets`: its messages say to look at the budgets. */
function budgetTopic(scope: Construct): Topic {
  const { account, partition } = Stack.of(scope)
  const topic = new Topic(scope, `${BUDGET_TOPIC}-topic`, {
    topicName: named(scope, BUDGET_TOPIC),
    enforceSSL: true,
  })
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
  topic.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sns:Publish'],
      principals: [new ServicePrincipal('budgets.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:budgets::${account}:*` },
      },
    }),
  )
  return topic
}

function monthly(scope: Construct, topic: Topic, budget: CatalogBudget): void {
  const { name, base, team, owner, mail } = budget
  const subscribers = [
    { subscriptionType: 'SNS', address: topic.topicArn },
    ...(mail === undefined ? [] : [{ subscriptionType: 'EMAIL', address: mail }]),
  ]
  const told = (notificationType: string, threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
    },
    subscribers,
  })
  new CfnBudget(scope, `budget-${base}`, {
    budget: {
      budgetName: name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: limitOf(scope, budget).valueAsNumber, unit: 'USD' },
      filterExpression: {
        and: [
          tagged('caretaker:environment', environmentOf(scope)),
          ...(team === undefined ? [] : [tagged('caretaker:owner', team)]),
          SPENT_ONLY,
        ],
      },
      metrics: ['UnblendedCost'],
    },
    notificationsWithSubscribers: [
      ...SPENT.map((percent) => told('ACTUAL', percent)),
      told('FORECASTED', FORECAST),
    ],
    // CDK's tags do not reach this type.
    resourceTags: [
      { key: 'caretaker:environment', value: environmentOf(scope) },
      { key: 'caretaker:owner', value: owner },
    ],
  })
}

/** `npx caretaker environment deploy` keeps what somebody has set in AWS, until the month is over. */
const limitOf = (scope: Construct, { team, limit }: CatalogBudget): CfnParameter =>
  // A hyphen cannot be in its name, a capital letter not in a team's.
  new CfnParameter(
    Stack.of(scope),
    `Budget${team === undefined ? '' : `Of${team.replaceAll('-', 'X')}`}`,
    {
      type: 'Number',
      default: limit,
      description: 'US dollars a month',
    },
  )

/**
 * Credits and refunds would hide what is spent.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_ExpressionDimensionValues.html
 */
const SPENT_ONLY: CfnBudget.ExpressionProperty = {
  not: {
    dimensions: { key: 'RECORD_TYPE', values: ['Credit', 'Refund'], matchOptions: ['EQUALS'] },
  },
}

const tagged = (key: string, value: string): CfnBudget.ExpressionProperty => ({
  tags: { key, values: [value], matchOptions: ['EQUALS'] },
})
