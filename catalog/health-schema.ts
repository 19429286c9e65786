import * as z from 'zod'

/**
 * How health is checked: by ECS inside the container (`healthCommand`), and by the load balancer
 * from outside (`route`, `nlb`). The bounds are AWS's; `health.ts` has what holds when one is absent.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export const health = z.strictObject({
  start: z
    .int()
    .min(0)
    .max(300)
    .optional()
    .describe('0 to 300 seconds in which failed checks do not count (60 when absent)'),
  grace: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe('0 to 3600 seconds in which the load balancer may call it unhealthy (else start)'),
  interval: z
    .int()
    .min(5)
    .max(300)
    .optional()
    .describe('5 to 300 seconds from one check to the next (10 when absent)'),
  timeout: z
    .int()
    .min(2)
    .max(60)
    .optional()
    .describe('2 to 60 seconds for an answer, less than interval (5 when absent)'),
  codes: z
    .union([
      z.int().min(200).max(499),
      z.int().min(0).max(99),
      z.string().regex(/^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/),
      // https://grpc.io/docs/guides/status-codes/
      z.string().regex(/^\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*$/),
    ])
    .transform(String)
    .optional()
    .describe(
      'answers of HTTP that are healthy, 200 to 499, such as 200-299 or 200,302 (200 when absent); of gRPC 0 to 99 (12 when absent)',
    ),
  healthy: z
    .int()
    .min(2)
    .max(10)
    .optional()
    .describe('2 to 10 good answers to the load balancer in a row (2 when absent)'),
  unhealthy: z
    .int()
    .min(2)
    .max(10)
    .optional()
    .describe('2 to 10 failed checks in a row (when absent: healthCommand 3, load balancer 2)'),
})

/** How ECS replaces tasks, and when Caretaker calls the result good or gives it up. */
export const deployment = z.strictObject({
  failures: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('1 to 100 failed tasks after which it is undone (2 when absent)'),
  minimum: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('0 to 100 percent of the tasks that stay healthy meanwhile (100 when absent)'),
  maximum: z
    .int()
    .min(100)
    .max(200)
    .optional()
    .describe('100 to 200 percent of the tasks that may run meanwhile (200 when absent)'),
  bake: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe('0 to 3600 seconds a new image must stay healthy (120 when absent)'),
  deadline: z
    .int()
    .min(60)
    .max(21_600)
    .optional()
    .describe('60 to 21600 seconds without progress after which it is undone (1800 when absent)'),
})
