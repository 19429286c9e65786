import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Answer, answer as answerSchema } from '../../domain/acts/answer.ts'
import { stackNamed } from '../../domain/stack-names.ts'
import { permissionSetArn } from '../../local/simulation/identity-center.ts'
import { Problem } from '../problem.ts'
import type { Place } from './place.ts'

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/** A command as it was typed, and the zone of the machine it was typed at. */
type Question = { text: string; zone: string }

/** Asks, as often as one likes; the address and the credentials are looked up once. */
export type Entrance = (question: Question, interrupted?: AbortSignal) => Promise<Answer>

/**
 * The entrance of the environment, asked with the caller's own credentials: AWS says who asks.
 *
 * @throws Problem when there are no credentials, no entrance, or AWS does not let the caller in.
 */
export function entranceOf(place: Place): Entrance {
  let found: Promise<Found> | undefined
  return async (question, interrupted) => {
    try {
      found ??= find(place)
      const request = await signed(await found, place, JSON.stringify(question))
      const response = await fetch(request, interrupted ? { signal: interrupted } : {})
      return await read(response, place)
    } catch (error) {
      if (interrupted?.aborted) throw error
      throw explained(error as Error & { code?: string }, place)
    }
  }
}

type Found = { url: URL; client: CloudFormationClient }

/** Whose credentials, and the entrance's address. */
async function find(place: Place): Promise<Found> {
  const { region, endpoint } = place
  const taken = await personOf(place)
  const client = new CloudFormationClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // The SDK's own chain, where nobody was named: environment, profile, single sign-on.
    ...(taken === undefined ? {} : { credentials: taken }),
  })
  return { client, url: await addressOf(place, client) }
}

async function signed({ url, client }: Found, { region }: Place, body: string): Promise<Request> {
  const { sha256, credentials } = client.config
  const signer = new SignatureV4({ credentials, region, service: 'lambda', sha256 })
  const { protocol, host, hostname, pathname } = url
  const { headers } = await signer.sign({
    ...{ method: 'POST', protocol, hostname, path: pathname, body },
    headers: { host, 'content-type': 'application/json' },
  })
  return new Request(url, { method: 'POST', headers, body })
}

/** Keys of nobody in particular, who may do everything there (docs/local-aws.md). */
const LAPTOP: Credentials = { accessKeyId: 'laptop', secretAccessKey: 'local' }

/** The credentials of one of the local AWS's people; undefined where nobody was named. */
async function personOf({
  as,
  environment,
  region,
  endpoint,
}: Place): Promise<Credentials | undefined> {
  if (as === undefined || endpoint === undefined) return undefined
  // On the laptop everybody may be anybody; what the one in question may do is the catalog's word.
  const sts = new STSClient({ region, endpoint, credentials: LAPTOP })
  const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}))
  const RoleArn = permissionSetArn(Account, environment, 'developer')
  const { Credentials: taken } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: as }),
  )
  return {
    accessKeyId: taken?.AccessKeyId ?? '',
    secretAccessKey: taken?.SecretAccessKey ?? '',
    sessionToken: taken?.SessionToken ?? '',
  }
}

/** The entrance's address, which the control plane's stack tells; on the laptop below the endpoint. */
async function addressOf(
  { environment, endpoint }: Place,
  cloudFormation: CloudFormationClient,
): Promise<URL> {
  const StackName = stackNamed({ name: environment }, 'ControlPlane')
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
  const found = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'AnswerCallerUrl')
  if (found?.OutputValue === undefined) {
    throw new Problem(
      `The stack ${StackName} has no entrance yet: \`caretaker environment deploy\` makes it.`,
    )
  }
  const url = new URL(found.OutputValue)
  if (endpoint === undefined) return url
  return new URL(`/_url/${url.hostname.split('.')[0]}/`, endpoint)
}

async function read(response: Response, { environment }: Place): Promise<Answer> {
  const text = await response.text()
  if (response.status === 403) {
    throw new Problem(
      `AWS does not let you ask Caretaker (${text.slice(0, 200)}). It takes the policy ${environment}-read-only, or more (docs/access.md).`,
    )
  }
  if (!response.ok)
    throw new Problem(`Caretaker answered ${response.status}: ${text.slice(0, 500)}`)
  return answerSchema.parse(JSON.parse(text))
}

/** Errors of the SDK that mean: nobody is signed in, or no longer. */
const SIGNED_OUT =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException)$/

function explained(error: Error & { code?: string }, { endpoint, environment }: Place): Error {
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
  if (
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
  ) {
    return new Problem(`${endpoint ?? 'AWS'} cannot be reached: ${code}.`)
  }
  // What else AWS says is told in its own words.
  return '$metadata' in error ? new Problem(`${error.name}: ${error.message}`) : error
}
