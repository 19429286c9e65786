import * as z from 'zod'
import { LARGEST_PRIORITY } from '../domain/routes.ts'

const path = z
  .string()
  .regex(/^\/[A-Za-z0-9_.$/~"'@:+*?&-]{0,127}$/)
  .describe('a path pattern of the load balancer, such as /orders/*')

/** A label below the domain, or a whole name. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HostHeaderConditionConfig.html */
const host = z
  .string()
  .max(128)
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$|^([a-z0-9*?-]{1,63}\.)+[a-z0-9-]{1,63}$/)
  .describe('the label before the domain: orders for https://orders.dev.example.com')

/** Part of the path, or the whole host name, or both, by which the ALB finds a service. */
export const route = z.strictObject({
  path: z
    .union([path, z.array(path).min(1)])
    .default('/*')
    .describe('a path pattern of the load balancer, such as /orders/*, or a list of them'),
  host: z
    .union([host, z.array(host).min(1)])
    .optional()
    .describe(
      'the label before the domain: orders for https://orders.dev.example.com; or a whole name, or a list',
    ),
  sources: z
    .array(
      z
        .union([z.cidrv4(), z.cidrv6()])
        .describe('a range of addresses, such as 192.0.2.0/24 or 192.0.2.7/32'),
    )
    .min(1)
    .optional()
    .describe('a list of address ranges from which it is reached, such as [192.0.2.0/24]'),
  signIn: z
    .boolean()
    .optional()
    .describe('true or false: whether visitors sign in at the load balancer first (signIn)'),
  protocol: z
    .enum(['http1', 'http2', 'grpc'])
    .optional()
    .describe('http1, http2 or grpc: what the container speaks (http1 when absent)'),
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

/** A route with its paths and hosts as lists, however the file writes them. */
export type Route = Omit<z.infer<typeof route>, 'path' | 'host'> & {
  paths: readonly string[]
  hosts: readonly string[]
}
