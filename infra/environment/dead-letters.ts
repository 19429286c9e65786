import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { deadLetterQueue } from '../dead-letters.ts'
import { environmentOf, named } from '../names.ts'

const QUEUE = 'environment'

/** Where firings of jobs and of database preparations go that could not start their task. */
export function environmentDeadLetters(scope: Construct): void {
  const stack = Stack.of(scope)
  const queue = deadLetterQueue(scope, QUEUE)
  queue.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      principals: [new ServicePrincipal('events.amazonaws.com')],
      resources: [queue.queueArn],
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
    }),
  )
}

/** The queue's ARN by its name, which every stack can tell. */
export function environmentDeadLettersArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'sqs',
    resource: named(scope, QUEUE, 'dead-letters'),
  })
}
