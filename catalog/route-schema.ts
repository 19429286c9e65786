import * as z from 'zod'
import { LARGEST_PRIORITY } from '../domain/routes.ts'

/** Part of the path, or the whole host name, or both, by which the ALB finds a service. */
export const route = z.strictObject({
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9_.$/~"'@:+*?&-]{0,127}$/)
    .default('/*')
    .describe('a path pattern of the load balancer, such as /orders/*'),
  host: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .optional()
    .describe('the label before the domain: orders for https://orders.dev.example.com'),
  container: z
    .string()
    .optional()
    .describe(
      'the sidecar that takes the requests, such as nginx (the service itself when absent)',
    ),
  drain: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe('0 to 3600 seconds in which a task that ends finishes its requests (30 when absent)'),
  sticky: z
    .int()
    .min(1)
    .max(604_800)
    .optional()
    .describe(
      '1 to 604800 seconds in which a visitor’s requests go to one task (none when absent)',
    ),
  priority: z
    .int()
    .min(1)
    .max(LARGEST_PRIORITY)
    .describe(`1 to ${LARGEST_PRIORITY}, the lower the earlier; give /* the highest number`),
})
