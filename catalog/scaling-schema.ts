import * as z from 'zod'

/**
 * Between how many tasks, and by what: as many as keep each at its figure, whichever wants most.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
 */
export const scaling = z.strictObject({
  min: z.int().min(1).max(10).default(1).describe('1 to 10 tasks'),
  max: z.int().min(2).max(20).describe('2 to 20 tasks'),
  cpu: z.int().min(20).max(90).default(70).describe('the CPU to keep to, 20 to 90 percent'),
  memory: z.int().min(20).max(90).optional().describe('the memory to keep to, 20 to 90 percent'),
  requests: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('requests of the load balancer to a task in a minute, 1 to 1000000'),
  queue: z.string().optional().describe('one of its queues, whose messages are shared out'),
  backlog: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('messages of queue that wait for each task, 1 to 100000 (10 when absent)'),
})
