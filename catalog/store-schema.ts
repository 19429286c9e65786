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

/** Short, or with the application's own names. */
export const database = z.union([
  z.enum(['shared', 'own']),
  z.strictObject({
    on: z
      .enum(['shared', 'own'])
      .default('shared')
      .describe('shared or own: on the server of all, or on one of its own'),
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
