import { createHmac } from 'node:crypto'
import type { Catalog } from '../../catalog/schema.ts'
import { stackNamed } from '../../domain/stack-names.ts'
import { type Configuration, deployedStack, whoAmI } from '../deploy/account.ts'
import { type Finding, warn } from './finding.ts'
import { judgeAlarms, judgeSlack } from './judge.ts'
import * as judge from './judge-slack.ts'
import { secretValue, subscriptionsOf } from './read.ts'

export type Outside = { fetch: typeof fetch; now: Date }

/**
 * Looks at everything that Slack takes: the secrets, the app's scopes, each channel, the clock, the
 * entrance. Posts nothing.
 *
 * @throws Problem without AWS credentials.
 */
export async function examineSlack(
  { environment }: Catalog,
  configuration: Configuration,
  outside: Outside,
): Promise<Finding[]> {
  const { account, arn } = await whoAmI(configuration)
  const { name, region, teams, alarms } = environment
  const secrets = { token: `${name}/caretaker/slack`, signing: `${name}/caretaker/slack-signing` }
  const token = await secretValue(configuration, secrets.token)
  const signing = await secretValue(configuration, secrets.signing)
  const findings = [judgeSlack(token, secrets.token)]
  if (token?.startsWith('xoxb-')) {
    const channels = [...new Set(Object.values(teams).map(({ channel }) => channel))]
    findings.push(...(await ofSlack(token, channels, outside)))
  }
  const url = await entrance(environment, configuration)
  const [secret] = judge.signingSecretsIn(signing ?? '')
  findings.push(
    judge.judgeSigning(signing, secrets.signing),
    await about('The entrance', async () => {
      const asked = url !== undefined && secret !== undefined
      return judge.judgeEntrance(url, asked ? await handshake(url, secret, outside) : undefined)
    }),
    await about('Alarms', async () => {
      const topic = `arn:${arn.split(':')[1]}:sns:${region}:${account}:${name}-alarms`
      return judgeAlarms(alarms.email, await subscriptionsOf(configuration, topic))
    }),
  )
  return findings
}

async function ofSlack(
  token: string,
  channels: readonly string[],
  { fetch, now }: Outside,
): Promise<Finding[]> {
  const call = caller(fetch, token)
  const answer = await call('auth.test', {}).catch((error: unknown) => judge.judgeUnreached(error))
  if ('level' in answer) return [answer]
  const told: judge.Token = {
    error: answer.body.ok ? undefined : String(answer.body.error),
    team: String(answer.body.team ?? ''),
    user: String(answer.body.user ?? ''),
    scopes: (answer.headers.get('x-oauth-scopes') ?? '').split(/,\s*/),
    clock: clockIn(answer.headers),
  }
  if (told.error !== undefined) return [judge.judgeToken(told)]
  const seen = await channelsSeen(call)
  const text = { type: 'mrkdwn', text: 'Is this a block?', verbatim: true }
  const blocks = JSON.stringify([{ type: 'section', text }])
  const validated = await call('blocks.validate', { blocks })
  return [
    judge.judgeToken(told),
    judge.judgeScopes(told),
    judge.judgeClock(told.clock, now),
    ...(Array.isArray(seen)
      ? channels.map((channel) => judge.judgeChannel(channel, seen))
      : [warn(`Channels: not known (${seen})`, 'Give the app its scopes first.')]),
    judge.judgeBlocks(validated.body.ok ? undefined : String(validated.body.error)),
  ]
}

type Called = { headers: Headers; body: Record<string, unknown> }
type Call = (method: string, given: Record<string, string>) => Promise<Called>

const caller =
  (fetch_: typeof fetch, token: string): Call =>
  async (method, given) => {
    const answer = await fetch_(`https://slack.com/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(given),
    })
    return { headers: answer.headers, body: (await answer.json()) as Record<string, unknown> }
  }

/** The channels that the bot can see; Slack's error when it may not look. */
async function channelsSeen(call: Call): Promise<judge.Channel[] | string> {
  const found: judge.Channel[] = []
  let cursor = ''
  do {
    const { body } = await call('conversations.list', {
      types: 'public_channel,private_channel',
      limit: '1000',
      ...(cursor === '' ? {} : { cursor }),
    })
    if (!body.ok) return String(body.error)
    found.push(...(body.channels as judge.Channel[]))
    cursor = String((body.response_metadata as { next_cursor?: string })?.next_cursor ?? '')
  } while (cursor !== '')
  return found
}

function clockIn(headers: Headers): Date | undefined {
  const told = new Date(headers.get('date') ?? '')
  return Number.isNaN(told.getTime()) ? undefined : told
}

/** The address that the control plane's stack tells. */
export async function entrance(
  environment: { name: string },
  configuration: Configuration,
): Promise<string | undefined> {
  const stack = await deployedStack(configuration, stackNamed(environment, 'ControlPlane'))
  return stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'ReceiveSlackUrl')?.OutputValue
}

/** Asks the entrance what Slack asks of a new address, signed as Slack signs: it changes nothing. */
async function handshake(
  url: string,
  secret: string,
  { fetch, now }: Outside,
): Promise<{ status: number; echoed: boolean }> {
  const challenge = `doctor-${now.getTime()}`
  const body = JSON.stringify({ type: 'url_verification', challenge })
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  })
  return { status: answer.status, echoed: (await answer.text()).includes(challenge) }
}

/** Reports a failed question as not known: it says nothing about what was asked. */
async function about(what: string, finding: () => Promise<Finding>): Promise<Finding> {
  try {
    return await finding()
  } catch (error) {
    const { name, message } = error as Error
    return warn(`${what}: not known (${name}: ${message})`, 'Run it again later.')
  }
}
