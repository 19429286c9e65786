import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Answer, answer as answerSchema } from '../../domain/acts/answer.ts'
import type { Show } from '../../domain/acts/show.ts'
import { stackNamed } from '../../domain/stack-names.ts'
import { Problem } from '../problem.ts'
import { configurationOf, explained } from './configuration.ts'
import type { Place } from './place.ts'

/** A command as it was typed, and the zone of the machine it was typed at; or what is to be shown. */
type Question = { text: string; zone: string } | { show: Show }

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
      throw explained(error, place)
    }
  }
}

type Found = { url: URL; client: CloudFormationClient }

/** With whose credentials, and the entrance's address. */
async function find(place: Place): Promise<Found> {
  const client = new CloudFormationClient(await configurationOf(place))
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
