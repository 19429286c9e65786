import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { deadLetterQueue } from '../dead-letters.ts'
import { named } from '../names.ts'
import { allowOwnRules } from './own-rules.ts'

const QUEUE = 'environment'

/** Where firings of jobs and of database preparations go that could not start their task. */
export function environmentDeadLetters(scope: Construct): void {
  const queue = deadLetterQueue(scope, QUEUE)
  queue.addToResourcePolicy(allowOwnRules(scope, 'sqs:SendMessage', queue.queueArn))
}

/** The queue's ARN by its name, which every stack can tell. */
export function environmentDeadLettersArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'sqs',
    resource: named(scope, QUEUE, 'dead-letters'),
  })
}
