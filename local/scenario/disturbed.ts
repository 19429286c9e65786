import * as z from 'zod'
import { listOperations } from '../aws/schema.ts'
import { duration } from './instant.ts'

const rate = (what: string) => z.number().min(0).max(1).describe(`${what}: 0 (never) to 1 (always)`)

/** How often events go wrong on their way, and calls of functions and machines. */
export const faults = z.strictObject({
  lose: rate('the share of best-effort events that are lost').optional(),
  duplicate: rate('the share of events that arrive more than once').optional(),
  delay: rate('the share of events that arrive late').optional(),
  reorder: rate('the share of events that are overtaken').optional(),
  stale: rate('the share of changes of ECS services that reads show late').optional(),
  unseen: rate('the share of new EC2 instances that reads show late').optional(),
  unfired: rate('the share of one-time schedules that are due and call nobody').optional(),
  busy: rate('the share of calls that AWS refuses because it is busy').optional(),
  unanswered: rate('the share of changes that are done and whose answer is lost').optional(),
  unread: rate('the share of reads that fail').optional(),
  partial: rate('the share of reads that answer in part').optional(),
  kill: rate('the share of calls before or after which a function dies').optional(),
})

const OF_FARGATE: readonly string[] = ['FARGATE', 'FARGATE_SPOT']

/** EC2 has no capacity for one instance type in one zone; or Fargate has none, in one or in all. */
export const shortage = z
  .strictObject({
    type: z.string().describe('an instance type, such as t3.large, FARGATE or FARGATE_SPOT'),
    zone: z.string().optional().describe('an Availability Zone, such as eu-central-1a'),
    for: duration('40m'),
  })
  .refine(({ type, zone }) => zone !== undefined || OF_FARGATE.includes(type))
  .describe('type, for, and zone unless the type is FARGATE or FARGATE_SPOT')

/** Fargate takes back the Spot capacity of all tasks of a service. */
export const interrupt = z
  .strictObject({ service: z.string().describe('the name of a service that runs on FARGATE_SPOT') })
  .describe('service')

/** A service of AWS answers no call of a function or a machine. */
export const down = z
  .strictObject({
    service: z
      .string()
      .refine((name) => listOperations(name).length > 0)
      .describe("an AWS SDK client's name without `client-`, such as ecs"),
    for: duration('40m'),
  })
  .describe('service and for')

/** None of Caretaker's functions runs: somebody has set their reserved concurrency to zero. */
export const off = z.strictObject({ for: duration('3h') }).describe('for')
