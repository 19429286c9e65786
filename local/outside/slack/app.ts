import { SlackError } from './arguments.ts'

/** How Slack names the app and its bot. */
export const BOT = {
  user: 'U0CARETAKER',
  bot: 'B0CARETAKER',
  app: 'A0CARETAKER',
} as const

/** The workspace, unless the catalog's people are in another. */
export const TEAM = 'T0CARETAKER'

/** The scopes that docs/getting-started.md asks for. */
const SCOPES = ['chat:write', 'channels:read', 'groups:read', 'channels:history', 'groups:history']

const secretOf = (generation: number): string => `signing-secret-${generation}`

/** The app as it is installed in the workspace: its token, and what it may do. */
export class App {
  /** The id of the workspace. */
  readonly team: string
  #installed = 0
  #token = ''
  #scopes: ReadonlySet<string>
  #secrets = 1
  /** Tokens that were valid once, and what Slack says about each since. */
  readonly #ended = new Map<string, string>()

  constructor({ scopes = SCOPES, team = TEAM }: { scopes?: readonly string[]; team?: string }) {
    this.team = team
    this.#scopes = new Set(scopes)
    this.install()
  }

  /** The bot's token; a new one after each installation. */
  get token(): string {
    return this.#token
  }

  /** What Slack signs its requests to the app with. */
  get signingSecret(): string {
    return secretOf(this.#secrets)
  }

  /** The one that was valid before it was made anew. */
  get previousSigningSecret(): string {
    return secretOf(this.#secrets - 1)
  }

  /** Somebody has the signing secret made anew; Slack signs with the new one from now on. */
  renewSigningSecret(): string {
    this.#secrets++
    return this.signingSecret
  }

  get isInstalled(): boolean {
    return !this.#ended.has(this.#token)
  }

  get scopes(): readonly string[] {
    return [...this.#scopes]
  }

  has(scope: string): boolean {
    return this.#scopes.has(scope)
  }

  /** Somebody installs the app again, with other scopes perhaps; the token before is no longer valid. */
  install(scopes: readonly string[] = this.scopes): string {
    if (this.#token !== '' && !this.#ended.has(this.#token)) this.revoke()
    this.#scopes = new Set(scopes)
    this.#installed++
    this.#token = this.#installed === 1 ? 'xoxb-simulated' : `xoxb-simulated-${this.#installed}`
    return this.#token
  }

  /** Somebody removes the app from the workspace. */
  uninstall(): void {
    this.#ended.set(this.#token, 'account_inactive')
  }

  /** The token is taken back, as Slack does with one that it finds on a public page. */
  revoke(): void {
    this.#ended.set(this.#token, 'token_revoked')
  }

  /** @throws SlackError for anything but the token that is valid now. */
  authenticate(token: string | undefined): void {
    if (token === undefined || token === '') throw new SlackError('not_authed')
    const ended = this.#ended.get(token)
    if (ended !== undefined) throw new SlackError(ended)
    if (token !== this.#token) throw new SlackError('invalid_auth')
  }

  /** @throws SlackError with the first of these scopes that the app does not have. */
  need(scopes: readonly string[]): void {
    const needed = scopes.find((scope) => !this.has(scope))
    if (needed === undefined) return
    throw new SlackError('missing_scope', [], { needed, provided: this.scopes.join(',') })
  }
}
