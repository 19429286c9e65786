import type { World } from '../aws/world.ts'
import type { Outcome } from '../outside/slack/interactions.ts'
import type { Slack, SlackMessage } from '../outside/slack/slack.ts'
import type { Step } from './schema.ts'
import { until } from './until.ts'

type SlackStep = NonNullable<Step['slack']>

/** A message of Slack's that a step names and that is not there. */
class NoSuchMessage extends Error {
  override readonly name = 'NoSuchMessage'
}

/**
 * Does what a step says of Slack, and lets the world run until the person has the answer.
 *
 * @returns why it could not be done, or what Slack told the person instead of doing it.
 */
export async function doInSlack(
  step: SlackStep,
  { slack, world }: { slack: Slack; world: World },
): Promise<string[]> {
  const { down, limit, method = 'chat.postMessage', delete: deleted } = step
  if (down !== undefined) slack.down = down
  if (limit !== undefined) slack.limit(method, limit)
  try {
    if (deleted !== undefined) slack.remove(messageWith(slack, deleted))
    return await byPerson(step, slack, world)
  } catch (error) {
    if (!(error instanceof Error) || !NOT_DONE.has(error.name)) throw error
    return [`slack: ${error.message}`]
  }
}

/** Errors that say that a person cannot do this now; others are defects of the simulation. */
const NOT_DONE = new Set(['NoSuchMessage', 'NoRequestUrl', 'CannotDo'])

async function byPerson(step: SlackStep, slack: Slack, world: World): Promise<string[]> {
  const { press, command, mention, thread, by = '', message, answer, channel } = step
  const where = channel === undefined ? {} : { channel }
  if (press !== undefined) {
    const asked = { by, ...(message && { message }), ...(answer && { answer }) }
    return problems('press', await until(world, slack.does.press(press, asked)))
  }
  if (command !== undefined) {
    return problems('command', await until(world, slack.does.command(command, { by, ...where })))
  }
  if (mention === undefined) return []
  slack.entrance.mustBeConnected()
  const inThread = thread === undefined ? {} : { thread: messageWith(slack, thread) }
  const { sent } = await until(world, slack.does.mention(mention, { by, ...where, ...inThread }))
  return sent.length > 0 ? [] : ['slack: mention: the app was not told']
}

const problems = (what: string, { error }: Outcome): string[] =>
  error === undefined ? [] : [`slack: ${what}: ${error}`]

/** The newest message with this text. */
function messageWith({ messages }: Slack, text: string): SlackMessage {
  const found = messages.findLast((one) => one.text.includes(text))
  if (found === undefined) throw new NoSuchMessage(`there is no message with “${text}”`)
  return found
}
