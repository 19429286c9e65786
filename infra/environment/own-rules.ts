import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { environmentOf } from '../names.ts'

/** Lets the rules of this environment, and no others, do one thing to a queue or topic. */
export function allowOwnRules(scope: Construct, action: string, resource: string): PolicyStatement {
  const stack = Stack.of(scope)
  return new PolicyStatement({
    actions: [action],
    principals: [new ServicePrincipal('events.amazonaws.com')],
    resources: [resource],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: `${environmentOf(scope)}-*`,
        }),
      },
    },
  })
}
