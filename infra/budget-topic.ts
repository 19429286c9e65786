import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { named } from './names.ts'

export const BUDGET_TOPIC = 'budgets'

/** The ARN of the topic `<environment>-budgets` by its name, which every stack can tell. */
export function budgetTopicArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'sns', resource: named(scope, BUDGET_TOPIC) })
}
