import { type Finding, fail, ok, warn } from './finding.ts'

/** One finding from each of Slack's answers, without I/O. */

/** What Slack says of the token. */
export type Token = {
  /** Slack's word for why it takes the token no more; undefined when it does. */
  error?: string | undefined
  team: string
  user: string
  scopes: readonly string[]
  /** Slack's clock, where its answer has told it. */
  clock?: Date | undefined
}

export type Channel = { name: string; is_member?: boolean; is_archived?: boolean }

/** What the app's manifest asks for, and what each is for. */
export const SCOPES: Record<string, string> = {
  'chat:write': 'posts, edits and answers',
  'channels:read': 'finds public channels',
  'groups:read': 'finds private channels that it is invited to',
  'channels:history': 'finds a message whose answer was lost',
  'groups:history': 'the same in private channels',
  commands: '/caretaker',
  'app_mentions:read': '@caretaker in threads',
  'files:write': 'charts, where the workspace takes no block for them',
  'users:read': 'the time zone of whoever writes a time',
}

/** Without these the rest works: times are read in the environment's zone. */
const OPTIONAL = ['users:read']

/** The connection did not come about, or what answered is not Slack. */
export function judgeUnreached(error: unknown): Finding {
  const { message, cause } = error as Error & { cause?: { message?: string } }
  return warn(
    `Slack cannot be reached from here (${cause?.message ?? message})`,
    'Run it again where https://slack.com can be reached.',
  )
}

const REINSTALL =
  'Add them at https://api.slack.com/apps under OAuth & Permissions, and install the app again (docs/slack.md).'

export function judgeToken({ error, team, user }: Token): Finding {
  if (error === undefined) return ok(`Slack takes the token: ${user} in ${team}`)
  return fail(
    `Slack does not take the token: ${error}`,
    'Install the app again and put the new token in (docs/slack.md).',
  )
}

export function judgeScopes({ scopes }: Token): Finding {
  const missing = Object.entries(SCOPES).filter(([scope]) => !scopes.includes(scope))
  if (missing.length === 0) return ok('The app has every scope')
  const each = missing.map(([scope, why]) => `${scope} (${why})`).join(', ')
  const isNeeded = missing.some(([scope]) => !OPTIONAL.includes(scope))
  return (isNeeded ? fail : warn)(`The app lacks ${each}`, REINSTALL)
}

/** Slack and we refuse what is five minutes apart. */
const SKEW_SECONDS = 60

export function judgeClock(slack: Date | undefined, now: Date): Finding {
  if (slack === undefined) return warn('Slack has not told its time', 'Run it again later.')
  const skew = Math.round((slack.getTime() - now.getTime()) / 1000)
  if (Math.abs(skew) <= SKEW_SECONDS) return ok(`This clock and Slack's are ${skew} s apart`)
  return warn(
    `This clock and Slack's are ${skew} s apart; five minutes are allowed`,
    'Set this machine’s clock; AWS’s is right.',
  )
}

/** @param channels those that the bot can see. */
export function judgeChannel(routed: string, channels: readonly Channel[]): Finding {
  const name = routed.replace(/^#/, '')
  const found = channels.find((channel) => channel.name === name)
  if (found === undefined) {
    return fail(
      `Slack does not show #${name}: it is private without the bot, renamed or misspelt`,
      'In the channel: /invite @caretaker. Or correct channel of the team in catalog/environment.yaml.',
    )
  }
  if (found.is_archived) {
    return fail(`#${name} is archived`, 'Unarchive it, or name another channel in the catalog.')
  }
  if (found.is_member === false) {
    return fail(`The bot is not in #${name}`, `In #${name}: /invite @caretaker`)
  }
  return ok(`#${name} is there, and the bot is in it`)
}

/** @param error what `blocks.validate` answers; undefined when it takes them. */
export function judgeBlocks(error: string | undefined): Finding {
  if (error === undefined) return ok('Slack takes our blocks')
  // A workspace may not have the method yet.
  return warn(`Slack does not say whether it takes our blocks: ${error}`, 'Nothing to do.')
}

/** @param value of the secret; undefined when there is no secret yet. */
export function judgeSigning(value: string | undefined, secret: string): Finding {
  if (value === undefined) {
    return warn(
      `There is no secret ${secret} yet`,
      'Nothing to do: npx caretaker environment deploy makes it.',
    )
  }
  const { length } = signingSecretsIn(value)
  if (length === 1) return ok(`The signing secret is in ${secret}`)
  if (length === 2) return ok(`Two signing secrets are in ${secret}: take the old one out`)
  return fail(
    `${secret} holds no signing secret: the entrance takes nothing`,
    `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string <Basic Information → Signing Secret>`,
  )
}

/** As the entrance reads them (functions/receive-slack/secrets.ts). */
export const signingSecretsIn = (value: string): string[] =>
  value.split(/\s+/).filter((secret) => secret.length >= 16)

/** @param answer what the entrance made of a request that we have signed; undefined without one. */
export function judgeEntrance(
  url: string | undefined,
  answer: { status: number; echoed: boolean } | undefined,
): Finding {
  if (url === undefined) {
    return warn(
      'There is no entrance for Slack yet',
      'Nothing to do: npx caretaker environment deploy makes it.',
    )
  }
  if (answer === undefined) {
    return warn('The entrance was not asked', 'Put the signing secret in first (docs/slack.md).')
  }
  if (answer.echoed) return ok(`The entrance takes what is signed: ${url}`)
  return fail(
    `The entrance answers ${answer.status} to a signed request: ${url}`,
    answer.status === 401
      ? 'It has read another signing secret (it looks again within a minute), or this clock is wrong.'
      : 'Its log says why: /aws/lambda/<environment>-receive-slack.',
  )
}
