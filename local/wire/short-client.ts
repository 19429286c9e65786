import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry'
import type { HttpResponse } from '@smithy/core/transport'
import type { SimulatedRetry } from './retry.ts'
import { type Answered, isShortened, type Operation, type Shortened } from './short.ts'

/** What every client of the SDK does with every command. */
const USUAL = new Set([
  'httpAuthSchemeMiddleware',
  'endpointV2Middleware',
  'loggerMiddleware',
  'serializerMiddleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'retryMiddleware',
  'httpSigningMiddleware',
  'deserializerMiddleware',
])

type Stack = { identify(): string[]; concat(other: Stack): Stack }

type Command = {
  input: object
  /** What it is to be, where it stands, its name, traits, input and output. */
  schema?: readonly [kind: number, namespace: string, name: string, ...unknown[]]
  middlewareStack: Stack
  resolveMiddleware(stack: Stack, config: object, options: undefined): unknown
}

type Client = {
  config: { protocol: object }
  middlewareStack: Stack
  send(command: Command, ...more: unknown[]): unknown
}

type Configuration = { requestHandler: object; retryStrategy: SimulatedRetry }

/**
 * A client of the SDK whose commands go straight to the simulated service and come straight back,
 * with the same retries, instead of passing a dozen middlewares that have nothing to do here.
 * Commands for which the SDK has middlewares of their own, and inputs that have to be written, take
 * the client's own way.
 *
 * @param configuration `shortConfiguration`, with what observes its requests.
 */
export function shortClient<Made>(
  Kind: new (configuration: never) => Made,
  configuration: object,
): Made {
  const made = new Kind(configuration as never)
  const client = made as unknown as Client
  const { protocol } = client.config
  if (!isShortened(protocol)) return made
  const send = client.send.bind(client)
  let plain: WeakMap<object, boolean> | undefined
  client.send = (command, ...more) => {
    const kind = command.constructor
    plain ??= plainOf(client)
    let isPlain = plain.get(kind)
    if (isPlain === undefined) {
      isPlain = isUsual(command, client)
      plain.set(kind, isPlain)
    }
    const { schema, input } = command
    const operation = isPlain && more.length === 0 ? operationOf(schema) : undefined
    const request = operation && protocol.shorten(operation, input)
    if (operation === undefined || request === undefined) return send(command, ...more)
    const handle = () => (configuration as Handling).requestHandler.handle(request(), {})
    const { retryStrategy } = configuration as Configuration
    return withRetries(retryStrategy, () => answerOf(client, protocol, operation, handle))
  }
  return made
}

/** Which kinds of command are plain, by the middlewares of their client: every client is asked that. */
const known = new Map<string, WeakMap<object, boolean>>()

function plainOf({ middlewareStack }: Client): WeakMap<object, boolean> {
  const passed = middlewareStack.identify().join()
  const found = known.get(passed) ?? new WeakMap<object, boolean>()
  known.set(passed, found)
  return found
}

type Handling = {
  requestHandler: { handle(request: object, options: object): Promise<{ response: HttpResponse }> }
}

/**
 * Whether a command passes no middlewares but the usual. Asked of another command of its kind: a
 * command's stack is filled as it is sent.
 */
function isUsual(command: Command, client: Client): boolean {
  const Kind = command.constructor as new (input: object) => Command
  const other = new Kind({ ...command.input })
  other.resolveMiddleware(client.middlewareStack, client.config, undefined)
  const passed = client.middlewareStack.concat(other.middlewareStack).identify()
  // `loggerMiddleware - initialize`, `httpSigningMiddleware (a.k.a. …) - finalizeRequest`
  return passed.every((one) => USUAL.has(one.split(' ')[0] ?? ''))
}

function operationOf(schema: Command['schema']): Operation | undefined {
  if (schema === undefined) return undefined
  const [, namespace, name, traits, input, output] = schema
  return { namespace, name, traits, input, output } as Operation
}

async function answerOf(
  client: Client,
  protocol: Shortened,
  operation: Operation,
  handle: () => Promise<{ response: HttpResponse }>,
): Promise<Answered> {
  const { response } = await handle()
  try {
    return await protocol.deserializeResponse(operation, client.config as never, response)
  } catch (error) {
    // As the SDK does it; not to be seen when the error is shown.
    const hidden = { enumerable: false, writable: false, configurable: false }
    if (error instanceof Object) {
      Object.defineProperty(error, '$response', { value: response, ...hidden })
    }
    throw error
  }
}

type CallError = Error & { $metadata?: Record<string, unknown> }

/** As the SDK's own middleware, which leaves the waiting to the strategy. */
async function withRetries(
  strategy: SimulatedRetry,
  attempt: () => Promise<Answered>,
): Promise<Answered> {
  let token = await strategy.acquireInitialRetryToken()
  for (;;) {
    const told = { attempts: token.getRetryCount() + 1, totalRetryDelay: 0 }
    try {
      const output = await attempt()
      Object.assign(output.$metadata, told)
      return output
    } catch (error) {
      const failure = error as CallError
      const errorType = typeOf(failure)
      const next = await strategy.refreshRetryTokenForRetry(token, { errorType }).catch(() => {})
      if (next === undefined) {
        failure.$metadata = Object.assign(failure.$metadata ?? {}, told)
        throw failure
      }
      token = next
    }
  }
}

function typeOf(error: CallError): string {
  const asked = error as Parameters<typeof isTransientError>[0]
  if (isThrottlingError(asked)) return 'THROTTLING'
  if (isTransientError(asked)) return 'TRANSIENT'
  return isServerError(asked) ? 'SERVER_ERROR' : 'CLIENT_ERROR'
}
