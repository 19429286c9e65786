import { HttpResponse } from '@smithy/core/transport'
import type { Aws, Caller } from '../aws/aws.ts'
import { AwsError } from '../aws/errors.ts'
import { answer, answerShort } from './answer.ts'
import { bytes, type WireRequest, type WireResponse } from './message.ts'
import { SimulatedRetry } from './retry.ts'
import { ShortRequest, shortProtocol } from './short.ts'

/** What an SDK client is configured with so that it talks to the simulation. */
type ClientConfiguration = {
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  requestHandler: object
  signer: { sign<Signed>(request: Signed): Promise<Signed> }
  retryStrategy: SimulatedRetry
  maxAttempts: number
}

/** What else the SDK takes that spares work. */
type ShortConfiguration = ClientConfiguration & {
  protocol: object
  cacheMiddleware: boolean
  logger: object
  defaultUserAgentProvider: () => Promise<[]>
  ignoreConfiguredEndpointUrls: boolean
  httpAuthSchemeProvider: () => object[]
  httpAuthSchemes: readonly object[]
}

/** The part of the SDK's `HttpRequest` that reaches a service. */
type SdkRequest = {
  method: string
  hostname: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: unknown
}

/** As `functions/shared/handler.ts` asks for on AWS. */
const ATTEMPTS = 2

/**
 * As `sdkConfiguration`, but clients that speak JSON hand their calls over unwritten, see
 * `short.ts`. For clients whose requests are not inspected: those of functions.
 */
export function shortConfiguration(aws: Aws, caller: Caller): ShortConfiguration {
  return {
    ...sdkConfiguration(aws, caller),
    protocol: shortProtocol(aws),
    // What a client does with a command is the same every time.
    cacheMiddleware: true,
    // Without `info`, for which the SDK goes through every input and output, asked or not.
    logger: { trace: nothing, debug: nothing, warn: nothing, error: nothing },
    defaultUserAgentProvider: async () => [],
    ignoreConfiguredEndpointUrls: true,
    // The signer is not checked.
    httpAuthSchemeProvider: () => [{ schemeId: UNSIGNED.schemeId }],
    httpAuthSchemes: [UNSIGNED],
  }
}

const nothing = () => {}

const UNSIGNED = {
  schemeId: 'smithy.api#noAuth',
  identityProvider: () => async () => ({}),
  signer: { sign: async <Signed>(request: Signed) => request },
} as const

/**
 * Configuration of the SDK clients of one caller: requests are written and read by the SDK's own
 * code, but go to the simulated services instead of the network. To be used inside `world.busy`:
 * the clock may move during a call and the wait before its retry, and stands still otherwise.
 */
export function sdkConfiguration(aws: Aws, caller: Caller): ClientConfiguration {
  const { world } = aws
  return {
    region: aws.region,
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async (request: SdkRequest) => ({
        response: new HttpResponse(await world.idle(() => inProcess(aws, request, caller))),
      }),
    },
    // Signatures are not checked here; the caller is known without one.
    signer: { sign: async (request) => request },
    retryStrategy: new SimulatedRetry(world, ATTEMPTS),
    maxAttempts: ATTEMPTS,
  }
}

async function inProcess(aws: Aws, request: SdkRequest, caller: Caller): Promise<WireResponse> {
  try {
    const { body } = request
    if (body instanceof ShortRequest) return await answerShort(aws, body, caller)
    return await answer(aws, wireRequest(request), () => caller)
  } catch (error) {
    if (!(error instanceof AwsError)) aws.world.fail(error)
    throw error
  }
}

function wireRequest({ method, hostname, path, query, headers, body }: SdkRequest): WireRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  const listed = Object.entries(query ?? {}).map(([name, value]) => [name, [value ?? ''].flat()])
  return {
    method,
    path,
    query: Object.fromEntries(listed),
    headers: { host: hostname, ...Object.fromEntries(lower) },
    body: body instanceof Uint8Array ? body : bytes(typeof body === 'string' ? body : ''),
  }
}
