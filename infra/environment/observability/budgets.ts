import { createHash } from 'node:crypto'
import { Stack } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Environment } from '../../../catalog/schema.ts'
import { environmentOf, named } from '../../names.ts'

const TOPIC = 'budgets'

/** Percent of the budget at which a message is sent once they are spent; of the forecast, at 100. */
const SPENT = [80, 100]
const FORECAST = 100

/**
 * Budgets `<environment>-…` and `<environment>-<team>-…`, of what the catalog gives one. AWS updates
 * them up to three times a day, and knows a tag only once it is a cost allocation tag
 * (`npm run doctor` says whether it is).
 */
export function budgets(scope: Construct, { budget, owner, teams, name }: Environment): void {
  const topic = budgetTopic(scope)
  const whole = tagged('caretaker:environment', name)
  if (budget !== undefined) {
    monthly(scope, {
      name,
      amount: budget,
      filter: whole,
      topic,
      team: owner,
      mail: teams[owner]?.owner,
    })
  }
  for (const [team, { budget: amount, owner: mail }] of Object.entries(teams)) {
    if (amount === undefined) continue
    const filter = { and: [whole, tagged('caretaker:owner', team)] }
    monthly(scope, { name: named(scope, team), amount, filter, topic, team, mail })
  }
}

/** Their topic, `<environment>-budgets`: its messages say to look at the budgets. */
function budgetTopic(scope: Construct): Topic {
  const { account, partition } = Stack.of(scope)
  const topic = new Topic(scope, `${TOPIC}-topic`, {
    topicName: named(scope, TOPIC),
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

type Budget = {
  name: string
  /** US dollars a month. */
  amount: number
  filter: CfnBudget.ExpressionProperty
  topic: Topic
  team: string
  /** The owner gets a mail too, which arrives when Slack does not. */
  mail: string | undefined
}

function monthly(scope: Construct, { name, amount, filter, topic, team, mail }: Budget): void {
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
  new CfnBudget(scope, `budget-${name}`, {
    budget: {
      budgetName: `${name}-${whoIsTold(mail)}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount, unit: 'USD' },
      filterExpression: filter,
      metrics: ['UnblendedCost'],
    },
    notificationsWithSubscribers: [
      ...SPENT.map((percent) => told('ACTUAL', percent)),
      told('FORECASTED', FORECAST),
    ],
    // CDK's tags do not reach this type.
    resourceTags: [
      { key: 'caretaker:environment', value: environmentOf(scope) },
      { key: 'caretaker:owner', value: team },
    ],
  })
}

/**
 * AWS cannot change who is told of a budget: another owner is another budget, which must not have the
 * name of the first while both are there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
const whoIsTold = (mail = ''): string => createHash('sha256').update(mail).digest('hex').slice(0, 6)

const tagged = (key: string, value: string): CfnBudget.ExpressionProperty => ({
  tags: { key, values: [value], matchOptions: ['EQUALS'] },
})
