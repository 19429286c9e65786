import type { Aws, Caller } from '../../aws/aws.ts'
import { Ecr } from '../../aws/ecr/ecr.ts'
import { AwsError } from '../../aws/errors.ts'
import { bytes, type WireResponse } from '../message.ts'
import { Refused, refusal, refusedBy, reply, replyJson } from './answers.ts'
import { getBlob, headBlob } from './blobs.ts'
import type { Desk, RegistryRequest } from './desk.ts'
import { listReferrers, listRepositories, listTags } from './lists.ts'
import { deleteManifest, getManifest, putManifest } from './manifests.ts'
import { type Asked, askedOf } from './path.ts'
import { append, begin, cancel, finish, state } from './uploads.ts'

/**
 * The account's registry as Docker, skopeo and crane use it: the OCI distribution API, each request
 * of which is one or some calls of ECR's own API by whoever asked for the password.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http
 *
 * @param run does a piece of work between two moments of the world.
 * @throws what is neither `Refused` nor an `AwsError`: a defect of the simulation.
 */
export async function answerRegistry(
  aws: Aws,
  request: RegistryRequest,
  run: Desk['run'],
): Promise<WireResponse> {
  const ecr = aws.find(Ecr)
  if (ecr === undefined) return notFound()
  try {
    const caller = callerOf(ecr, request.headers.authorization)
    if (caller === undefined) return notAuthorized(ecr)
    const call: Desk['call'] = (operation, input) =>
      run(() => aws.call('ecr', operation, input, caller))
    return await answer({ ecr, caller, request, call, run })
  } catch (error) {
    if (error instanceof Refused) return refusal(error)
    if (error instanceof AwsError) return refusal(refusedBy(error))
    throw error
  }
}

/**
 * Whose password it is: undefined without one.
 *
 * @throws Refused as ECR refuses a wrong one (https://github.com/aws/aws-cli/issues/5317) and an old
 *   one (https://github.com/docker/docker-py/issues/1170).
 */
function callerOf(ecr: Ecr, authorization = ''): Caller | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const [, user, password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  const holder = user === 'AWS' ? ecr.tokens.holder(password) : 'unknown'
  if (holder === 'unknown') {
    throw new Refused(
      400,
      'DENIED',
      'Your Authorization Token is invalid: the user is AWS, and the password what `aws ecr get-login-password` prints for this simulation',
    )
  }
  if (holder === 'expired') {
    throw new Refused(
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    )
  }
  return holder.caller
}

/** As ECR does: https://github.com/mayflower/docker-ls/issues/28 */
const notAuthorized = ({ host }: Ecr): WireResponse =>
  reply(
    401,
    {
      'content-type': 'text/plain; charset=utf-8',
      'www-authenticate': `Basic realm="https://${host}/",service="ecr.amazonaws.com"`,
    },
    bytes('Not Authorized\n'),
  )

/** As ECR does: https://github.com/goharbor/harbor/issues/10264 */
const notFound = (): WireResponse =>
  reply(404, { 'content-type': 'text/plain; charset=utf-8' }, bytes('404 page not found\n'))

async function answer(desk: Desk): Promise<WireResponse> {
  const { method, path } = desk.request
  const asked = askedOf(path)
  if (asked === undefined) return notFound()
  if ('name' in asked) checkName(asked.name)
  const answers = answersOf(desk, asked)
  const answering = Object.hasOwn(answers, method) ? answers[method] : undefined
  if (answering !== undefined) return answering()
  throw new Refused(405, 'UNSUPPORTED', `There is no ${method} of ${asked.kind} here`)
}

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/

/** @throws Refused */
function checkName(name: string): void {
  if (name.length <= 256 && NAME.test(name)) return
  throw new Refused(400, 'NAME_INVALID', `${name.slice(0, 80)} is no name of a repository`)
}

/** What there is of a path, by method. */
function answersOf(desk: Desk, asked: Asked): Record<string, () => Promise<WireResponse>> {
  switch (asked.kind) {
    case 'base':
      return gets(async () => replyJson({}))
    case 'catalog':
      return gets(() => listRepositories(desk))
    case 'tags':
      return gets(() => listTags(desk, asked.name))
    case 'referrers':
      return gets(() => listReferrers(desk, asked.name, asked.reference))
    case 'manifest':
      return {
        ...gets(() => getManifest(desk, asked.name, asked.reference)),
        PUT: () => putManifest(desk, asked.name, asked.reference),
        DELETE: () => deleteManifest(desk, asked.name, asked.reference),
      }
    case 'blob':
      return {
        GET: () => getBlob(desk, asked.name, asked.digest),
        HEAD: () => headBlob(desk, asked.name, asked.digest),
      }
    case 'uploads':
      return { POST: () => begin(desk, asked.name) }
    case 'upload':
      return {
        GET: () => state(desk, asked),
        PATCH: () => append(desk, asked),
        PUT: () => finish(desk, asked),
        DELETE: () => cancel(desk, asked),
      }
  }
}

/** Who asks for the head alone gets the same without its body. */
const gets = (answering: () => Promise<WireResponse>) => ({ GET: answering, HEAD: answering })
