import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { SignatureV4 } from '@smithy/signature-v4'
import { stackNamed } from '../../domain/stack-names.ts'
import { permissionSetArn } from '../../local/simulation/identity-center.ts'
import { Problem } from '../problem.ts'

/** Where Caretaker is asked. */
export type Place = {
  environment: string
  region: string
  /** Of the local AWS; AWS's own when absent. */
  endpoint?: string
  /** Whom of the local AWS's people it is asked as. */
  as?: string
}

export type Answer = { outcome: 'read' | 'refused' | 'done' | 'started'; text: string }

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/**
 * Asks the entrance of the environment, signed by the caller's own credentials: AWS says who asks.
 *
 * @throws Problem when there are no credentials, no entrance, or AWS does not let the caller in.
 */
export async function ask(place: Place, question: { text: string; zone: string }): Promise<Answer> {
  const { region, endpoint } = place
  try {
    const taken = await personOf(place)
    const cloudFormation = new CloudFormationClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(taken === undefined ? {} : { credentials: LAPTOP }),
    })
    const url = await entranceOf(place, cloudFormation)
    // The SDK's own chain, where nobody was named: environment, profile, single sign-on.
    const { sha256, credentials: own } = cloudFormation.config
    const credentials = taken ?? own
    const signer = new SignatureV4({ credentials, region, service: 'lambda', sha256 })
    const body = JSON.stringify(question)
    const { protocol, host, hostname, pathname } = url
    const signed = await signer.sign({
      ...{ method: 'POST', protocol, hostname, path: pathname, body },
      headers: { host, 'content-type': 'application/json' },
    })
    const answer = await fetch(url, { method: 'POST', headers: signed.headers, body })
    return await read(answer, place)
  } catch (error) {
    throw explained(error as Error & { code?: string }, place)
  }
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
async function entranceOf(
  { environment, endpoint }: Place,
  cloudFormation: CloudFormationClient,
): Promise<URL> {
  const StackName = stackNamed({ name: environment }, 'ControlPlane')
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
  const found = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'AnswerCallerUrl')
  if (found?.OutputValue === undefined) {
    throw new Problem(`The stack ${StackName} has no entrance yet: npm run deploy makes it.`)
  }
  const url = new URL(found.OutputValue)
  if (endpoint === undefined) return url
  return new URL(`/_url/${url.hostname.split('.')[0]}/`, endpoint)
}

async function read(answer: Response, { environment }: Place): Promise<Answer> {
  const text = await answer.text()
  if (answer.status === 403) {
    throw new Problem(
      `AWS does not let you ask Caretaker (${text.slice(0, 200)}). It takes the policy ${environment}-read-only, or more (docs/access.md).`,
    )
  }
  if (!answer.ok) throw new Problem(`Caretaker answered ${answer.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as Answer
}

/** Errors of the SDK that mean: nobody is signed in, or no longer. */
const SIGNED_OUT =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException)$/

function explained(error: Error & { code?: string }, { endpoint, environment }: Place): Error {
  if (SIGNED_OUT.test(error.name)) {
    const local = endpoint === undefined ? '' : ', or for the local AWS add --as <e-mail>'
    return new Problem(
      `There are no AWS credentials that work (${error.message}). Sign in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>${local}.`,
    )
  }
  if (error.name === 'ValidationError' && error.message.includes('does not exist')) {
    return new Problem(`There is no environment ${environment} here yet: npm run deploy makes it.`)
  }
  const code = error.code ?? (error.cause as { code?: string } | undefined)?.code ?? ''
  if (/^(ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)) {
    const where = endpoint === undefined ? 'AWS' : `${endpoint} (is \`npm start\` running?)`
    return new Problem(`${where} cannot be reached: ${code}.`)
  }
  return error
}
