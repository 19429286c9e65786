import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { administratorArn, permissionSetArn } from '../../local/simulation/identity-center.ts'
import { Problem } from '../problem.ts'
import type { Place } from './place.ts'

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/** How an SDK client reaches AWS, or the simulation as somebody, with the caller's own rights. */
export type Configuration = { region: string; endpoint?: string; credentials?: Credentials }

export async function configurationOf(place: Place): Promise<Configuration> {
  const { region, endpoint } = place
  const taken = await personOf(place)
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // The SDK's own chain, where nobody was named: environment, profile, single sign-on.
    ...(taken === undefined ? {} : { credentials: taken }),
  }
}

/** Keys of nobody in particular, who may do everything there (docs/local-aws.md). */
const LAPTOP: Credentials = { accessKeyId: 'laptop', secretAccessKey: 'local' }

/** The credentials of one of the local AWS's people; undefined where nobody was named. */
async function personOf({
  as,
  administers,
  environment,
  region,
  endpoint,
}: Place): Promise<Credentials | undefined> {
  if (as === undefined || endpoint === undefined) return undefined
  // On the laptop everybody may be anybody; what the one in question may do is the catalog's word.
  const sts = new STSClient({ region, endpoint, credentials: LAPTOP })
  const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}))
  const RoleArn = administers
    ? administratorArn(Account)
    : permissionSetArn(Account, environment, 'developer')
  const { Credentials: taken } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: as }),
  )
  return {
    accessKeyId: taken?.AccessKeyId ?? '',
    secretAccessKey: taken?.SecretAccessKey ?? '',
    sessionToken: taken?.SessionToken ?? '',
  }
}

/** What is to be said where a request was sent, and no answer came. */
export const MAY_BE_DONE =
  'If it was to change something, that may have been done all the same: `npx caretaker status` says how things stand.'

/** Errors of the SDK that mean: nobody is signed in, or no longer. */
const SIGNED_OUT =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException)$/

/** Nothing was sent. */
const UNREACHED =
  /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/
/** Something was, and nobody knows what came of it. */
const LOST = /^(ECONNRESET|ETIMEDOUT|EPIPE|UND_ERR_\w+)$/

/** An error as it is told to the caller: signed out, not there yet, not reached, or AWS's own words. */
export function explained(given: unknown, { endpoint, environment }: Place): Error {
  const error = given as Error & { code?: string }
  if (SIGNED_OUT.test(error.name)) {
    return new Problem(
      `There are no AWS credentials that work (${error.message}). Sign in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>.`,
    )
  }
  if (error.name === 'ValidationError' && error.message.includes('does not exist')) {
    return new Problem(
      `There is no environment ${environment} here yet: \`caretaker environment deploy\` makes it.`,
    )
  }
  const code = error.code ?? (error.cause as { code?: string } | undefined)?.code ?? ''
  const where = endpoint ?? 'AWS'
  if (UNREACHED.test(code)) return new Problem(`${where} cannot be reached: ${code}.`)
  if (LOST.test(code)) {
    return new Problem(`${where} gave no answer: ${code}. ${MAY_BE_DONE}`)
  }
  // What else AWS says is told in its own words.
  return '$metadata' in error ? new Problem(`${error.name}: ${error.message}`) : error
}
