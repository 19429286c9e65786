import { AwsError } from '../../errors.ts'
import { verifySignature } from '../../sts/signature.ts'
import { Sts } from '../../sts/sts.ts'
import type { Invoker } from '../invoker.ts'
import type { FunctionUrl, LambdaFunction } from '../model.ts'
import { mayInvoke } from './access.ts'
import { answerOf, badGateway } from './answer.ts'
import { urlHost } from './config.ts'
import { corsHeaders, isPreflight, preflightAnswer } from './cors.ts'
import { eventOf, type Signer } from './event.ts'
import { type UrlAnswer, type UrlRequest, urlAnswer } from './http.ts'

/** Bytes of a request. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST = 6_291_456

const FORBIDDEN =
  'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html'

/** For metrics: one request to a function's URL. Milliseconds. */
export type Asked = { functionName: string; at: Date; statusCode: number; latency: number }

/** The HTTPS side of functions that have a URL. */
export class Entrance {
  /** Called after every answer of a URL that exists. */
  readonly listeners = new Set<(asked: Asked) => void>()
  readonly #invoker: Invoker

  constructor(invoker: Invoker) {
    this.#invoker = invoker
  }

  /**
   * Answers a request to the URL with this id as Lambda would.
   *
   * @throws what is not an `AwsError`: a defect of the simulation.
   */
  async handle(id: string, request: UrlRequest): Promise<UrlAnswer> {
    const { aws, functions } = this.#invoker.store
    const fn = [...functions.values()].find(({ url }) => url?.id === id)
    // The name of every URL leads to Lambda, which does not say whether there is one.
    if (fn?.url === undefined) return refusal(forbidden())
    const at = aws.world.date
    const answer = await this.#answer(fn, fn.url, request).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      return refusal(error)
    })
    const latency = aws.world.now - at.getTime()
    const asked = { functionName: fn.name, at, statusCode: answer.statusCode, latency }
    for (const listener of this.listeners) listener(asked)
    return answer
  }

  async #answer(fn: LambdaFunction, url: FunctionUrl, request: UrlRequest): Promise<UrlAnswer> {
    const { cors } = url
    if (cors !== undefined && isPreflight(request)) return preflightAnswer(cors, request)
    const signer = this.#admit(fn, url, request)
    if (request.body.length > LARGEST) throw tooLarge()
    const answer = await this.#invoke(fn, url, request, signer)
    if (cors === undefined) return answer
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(cors, request) } }
  }

  /** @throws AwsError 403 for whoever may not. @returns who signed, with AuthType AWS_IAM. */
  #admit(fn: LambdaFunction, url: FunctionUrl, request: UrlRequest): Signer | undefined {
    const { aws } = this.#invoker.store
    const signer = url.authType === 'NONE' ? undefined : this.#signer(url, request)
    if (mayInvoke(aws, fn, url, signer?.caller)) return signer
    throw forbidden()
  }

  #signer({ id }: FunctionUrl, request: UrlRequest): Signer {
    const { aws } = this.#invoker.store
    const own = { host: urlHost(aws.region, id), path: request.path }
    const signer = verifySignature(request, {
      service: 'lambda',
      region: aws.region,
      now: request.sentAt ?? aws.world.now,
      addresses: request.signedAs === undefined ? [own] : [own, request.signedAs],
      holder: (accessKeyId) => aws.the(Sts).sessions.holder(accessKeyId),
    })
    if (signer === undefined) throw forbidden()
    return signer
  }

  async #invoke(
    fn: LambdaFunction,
    { id }: FunctionUrl,
    request: UrlRequest,
    signer: Signer | undefined,
  ): Promise<UrlAnswer> {
    const { aws } = this.#invoker.store
    const requestId = aws.world.random.uuid('lambda/request')
    const payload = JSON.stringify(eventOf(aws, request, { id, requestId, signer }))
    const result = await this.#invoker.run(fn, { payload, requestId, source: 'RequestResponse' })
    const answer = result.failure === undefined ? answerOf(result.payload) : badGateway()
    return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } }
  }
}

function refusal({ name, message, statusCode }: AwsError): UrlAnswer {
  const member = name === 'AccessDeniedException' ? 'Message' : 'message'
  const headers = { 'x-amzn-errortype': name }
  return urlAnswer(statusCode, JSON.stringify({ [member]: message }), headers)
}

const forbidden = () => new AwsError('AccessDeniedException', FORBIDDEN, { statusCode: 403 })

const tooLarge = () =>
  new AwsError(
    'RequestTooLargeException',
    `Request must be smaller than ${LARGEST} bytes for the InvokeFunction operation`,
    { statusCode: 413 },
  )
