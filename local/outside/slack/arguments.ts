/** The arguments of a Web API call: text, as Slack's form encoding has them. */
export type Arguments = Record<string, string>

/** What a method refuses a call with; HTTP stays 200. https://docs.slack.dev/apis/web-api */
export class SlackError extends Error {
  readonly messages: readonly string[]
  readonly more: object

  /** `code` is Slack's (`channel_not_found`), `messages` its details, `more` what the answer has besides. */
  constructor(code: string, messages: readonly string[] = [], more: object = {}) {
    super(code)
    this.messages = messages
    this.more = more
  }
}

/** Slack would do something that is not simulated: the test has to know, not Slack's caller. */
export const notSimulated = (what: string): SlackError =>
  new SlackError('invalid_arguments', [`[ERROR] the simulated Slack does not know ${what}`])

/** Reads a body as Slack does: a form, or JSON whose nested values become text again. */
export async function argumentsOf(request: Request): Promise<Arguments> {
  const type = request.headers.get('content-type') ?? ''
  const body = await request.text()
  if (!type.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body))
  const given = Object.entries(parsed(body, 'invalid_json') as Record<string, unknown>)
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/**
 * The value of an argument that is JSON (`blocks`, `metadata`).
 *
 * @throws SlackError with `code` when it is not.
 */
export function parsed(text: string, code: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SlackError(code)
  }
}

/** @throws SlackError naming an argument the simulation would have to ignore. */
export function onlyArguments(given: Arguments, simulated: readonly string[]): void {
  const other = Object.keys(given).find((name) => name !== 'token' && !simulated.includes(name))
  if (other !== undefined) throw notSimulated(`the argument ${other}`)
}

/** @throws SlackError when a required argument is not there. */
export function required(given: Arguments, name: string): string {
  const value = given[name]
  if (value) return value
  throw new SlackError('invalid_arguments', [`[ERROR] missing required field: ${name}`])
}
