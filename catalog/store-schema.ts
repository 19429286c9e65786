import * as z from 'zod'
import { VARIABLE_NAME } from './words.ts'

/** The data stores of a service, and the variables in which its application wants to find them. */

/** What there is to know of each, as `as` names it; `url` is the text of `URLS` below. */
export const PARTS = {
  database: ['host', 'port', 'name', 'username', 'password', 'url'],
  cache: ['host', 'port', 'prefix', 'password', 'url'],
} as const

/**
 * The usual URL of each. Most clients take `PGSSLMODE` for what it leaves out; TLS is in the name of
 * the other.
 */
export const URLS = {
  database: 'postgresql://{username}:{password}@{host}:{port}/{name}',
  cache: 'rediss://:{password}@{host}:{port}/0',
} as const

/** The parts that nobody but the service should read. */
export const SECRET_PARTS: readonly string[] = ['username', 'password']

const as = (parts: readonly string[]) =>
  z
    .record(
      VARIABLE_NAME,
      z
        .string()
        .min(1)
        .max(1024)
        .describe(`${parts.join(', ')}, or a text with these in braces, such as {host}:{port}`),
    )
    .optional()

/** Of db.t4g, from 1 GiB of memory to 32. https://aws.amazon.com/rds/instance-types/ */
const DATABASE_SIZES = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'] as const

/** Short, or with the application's own names. */
export const database = z.union([
  z.enum(['shared', 'own']),
  z.strictObject({
    on: z
      .enum(['shared', 'own'])
      .default('shared')
      .describe('shared or own: on the server of all, or on one of its own'),
    /** Raising it upgrades the server when the stack is deployed; RDS never goes back. */
    version: z
      .literal([14, 15, 16, 17])
      .optional()
      .describe('14, 15, 16 or 17: PostgreSQL’s major version of its own server (17 when absent)'),
    size: z
      .enum(DATABASE_SIZES)
      .optional()
      .describe(
        `${DATABASE_SIZES.join(', ')}: its own server is a db.t4g of this size (micro when absent)`,
      ),
    storage: z
      .int()
      .min(20)
      .max(16_384)
      .optional()
      .describe(
        '20 to 16384 GiB of disk of its own server, which may grow, never shrink (20 when absent)',
      ),
    as: as(PARTS.database).describe(
      'variables by name, each with what it holds: host, port, name, username, password, url, or a text with these in braces',
    ),
  }),
])

export const cache = z.union([
  z.boolean(),
  z.strictObject({
    as: as(PARTS.cache).describe(
      'variables by name, each with what it holds: host, port, prefix, password, url, or a text with these in braces',
    ),
  }),
])
