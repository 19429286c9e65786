import { STSClient } from '@aws-sdk/client-sts'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Answer } from '../../domain/acts/answer.ts'
import { administrator } from './identity-center.ts'
import type { Simulation } from './simulation.ts'

/** The entrance has given no answer. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
}

/**
 * Asks the environment's entrance for whoever has AWS credentials, as somebody whom Identity Center
 * has let in: AWS says who it is, and the catalog what that person may.
 *
 * @param text a command, as it is typed: `sleep orders`.
 * @throws Error when there is no entrance. @throws NotAnswered
 */
export async function askAs(simulation: Simulation, email: string, text: string): Promise<Answer> {
  const { aws, sts, world, internet } = simulation
  const url = entranceOf(simulation)
  const { name, roleArn = '' } = await administrator(aws, email)
  const credentials = sts.sessions.open(roleArn, name, SESSION_SECONDS)
  const { sha256 } = new STSClient({ region: aws.region }).config
  const signer = new SignatureV4({ credentials, region: aws.region, service: 'lambda', sha256 })
  const { protocol, host, hostname, pathname: path } = url
  const body = JSON.stringify({ text, zone: simulation.environment.timeZone })
  const headers = { host, 'content-type': 'application/json' }
  const asked = { method: 'POST', protocol, hostname, path, headers, body }
  const signed = await signer.sign(asked, { signingDate: world.date })
  const answer = await internet.fetch(url, { method: 'POST', headers: signed.headers, body })
  if (!answer.ok) {
    throw new NotAnswered(`Caretaker answered ${answer.status}: ${await answer.text()}`)
  }
  return (await answer.json()) as Answer
}

const SESSION_SECONDS = 3_600

function entranceOf({ deployed }: Simulation): URL {
  const found = deployed.stacks.find(({ outputs }) => 'AnswerCallerUrl' in outputs)
  if (found === undefined) throw new Error('The templates have no entrance AnswerCallerUrl')
  return new URL(String(found.outputs.AnswerCallerUrl))
}
