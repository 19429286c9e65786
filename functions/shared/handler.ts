import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { en } from 'zod/locales'
import * as z from 'zod/mini'
import {
  COMPILED_CATALOG,
  type CompiledCatalog,
  compiledCatalog,
} from '../../domain/compiled-catalog.ts'
import { logger } from './log.ts'
import type { ClientConfiguration, Platform } from './platform.ts'
import { named } from './transient.ts'

z.config(en())

/** What a function is given besides its event. */
export type Tools<Environment> = {
  environment: Environment
  log: Logger
  now: Date
  newId(): string
  /** Lets time pass: for a rate that is not to be passed. */
  pause(milliseconds: number): Promise<void>
  fetch: typeof fetch
  /** The SDK client of this class, one per cold start. */
  client<Client>(kind: new (configuration: ClientConfiguration) => Client): Client
  /** What `make` makes, made at the first call of a cold start and kept from then on. */
  once<Value>(name: string, make: () => Value): Value
  /** The catalog as it was deployed; read at the first use of a cold start. */
  catalog(): CompiledCatalog
}

/** A function as its author writes it: what it needs, what it takes, what it does. */
export type Specification<Environment, Event, Result> = {
  /** The folder's name, and the `service` field of every log line. */
  name: string
  /** Read once, at cold start. */
  environment: z.ZodMiniType<Environment>
  /** Read once, at the door. */
  event: z.ZodMiniType<Event>
  run(event: Event, tools: Tools<Environment>): Promise<Result>
}

type Handler = (event: unknown, context: Context) => Promise<unknown>

/** What Lambda calls; `on` binds the same function to another platform. */
export type LambdaHandler = Handler & {
  on(platform: Platform): Handler
  readonly specification: Specification<never, never, unknown>
}

/** The event or the environment is not what the function declares; nothing was done. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput'
}

/**
 * The one wrapper: environment and event are checked, the logger knows the invocation, errors
 * leave the function by their own name (Step Functions catches that name), and those that may have
 * passed at the next attempt by one name, `Transient`.
 */
export function lambda<Environment, Event, Result>(
  specification: Specification<Environment, Event, Result>,
): LambdaHandler {
  const on = (platform: Platform) => bind(specification, platform)
  let bound: Handler | undefined
  const handler: Handler = (event, context) => {
    bound ??= on(awsPlatform)
    return bound(event, context)
  }
  return Object.assign(handler, {
    on,
    specification: specification as unknown as Specification<never, never, unknown>,
  })
}

/**
 * Lambda itself. Two attempts per call: the machine and the event source own the retries, and
 * three layers of retries multiply (3 x 3 x 186 attempts for one event at the defaults).
 */
const awsPlatform: Platform = {
  environment: process.env,
  now: () => new Date(),
  newId: randomUUID,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  fetch,
  taskRoot: process.env.LAMBDA_TASK_ROOT ?? import.meta.dirname,
  aws: { maxAttempts: 2 },
}

function bind<Environment, Event, Result>(
  { name, environment, event: schema, run }: Specification<Environment, Event, Result>,
  platform: Platform,
): Handler {
  const settings = check(environment, platform.environment, `the environment of ${name}`)
  const log = logger(name, platform)
  const kept = new Map<unknown, unknown>()
  const once = <Value>(key: unknown, make: () => Value): Value => {
    if (!kept.has(key)) kept.set(key, make())
    return kept.get(key) as Value
  }
  const tools = {
    environment: settings,
    log,
    newId: platform.newId,
    pause: platform.pause,
    fetch: platform.fetch,
    once,
    client: <Client>(kind: new (configuration: ClientConfiguration) => Client) =>
      once(kind, () => platform.client?.(kind) ?? new kind(platform.aws)),
    catalog: () => once(COMPILED_CATALOG, () => readCatalog(name, platform.taskRoot)),
  }
  return middy(
    (event: unknown) =>
      named(async () =>
        run(check(schema, event, `the event of ${name}`), { ...tools, now: platform.now() }),
      ),
    // Lambda itself ends what takes too long; middy would do it by the real clock.
    { timeoutEarlyInMillis: 0 },
  ).use(injectLambdaContext(log)) as unknown as Handler
}

function readCatalog(name: string, taskRoot: string): CompiledCatalog {
  const text = readFileSync(join(taskRoot, COMPILED_CATALOG), 'utf8')
  return check(compiledCatalog, JSON.parse(text), `the catalog of ${name}`)
}

function check<Value>(schema: z.ZodMiniType<Value>, value: unknown, what: string): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues
    .flatMap(closest)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  throw new InvalidInput(`${what} is not valid. ${problems.join('; ')}. Nothing was done.`)
}

type Issue = z.core.$ZodIssue

/** Of a union's alternatives, the problems of the one that comes closest to what was given. */
function closest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const [nearest] = issue.errors.toSorted((a, b) => distance(a) - distance(b))
  if (nearest === undefined) return [issue]
  return nearest.flatMap((one) => closest({ ...one, path: [...issue.path, ...one.path] }))
}

/** How many fields are wrong, those that do not belong there among them. */
const distance = (issues: readonly Issue[]): number =>
  issues.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : 1), 0)
