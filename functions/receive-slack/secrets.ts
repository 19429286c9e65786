import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** Slack's secrets have 32 characters; what the stack makes has fewer, and is none. */
const SHORTEST = 16
/** Two are valid at once while one takes the place of the other. */
const MOST = 2
/** Whoever sends us rubbish must not make us read the secret each time. */
const READ_AGAIN_MILLISECONDS = 60_000
/** A secret that was taken away is not valid for longer than this. */
const KEPT_MILLISECONDS = 10 * 60_000

/** The signing secrets that are valid now, read once, and again when a signature fits none. */
export class SigningSecrets {
  readonly #client: SecretsManagerClient
  readonly #id: string
  #read: { at: number; values: Promise<string[]> } | undefined

  constructor(client: SecretsManagerClient, id: string) {
    this.#client = client
    this.#id = id
  }

  /** Empty while Slack is not connected. */
  values(now: Date): Promise<string[]> {
    if (this.#read === undefined || now.getTime() - this.#read.at > KEPT_MILLISECONDS) {
      this.#read = { at: now.getTime(), values: this.#ask() }
    }
    return this.#read.values
  }

  /** Read anew; empty when they were read a moment ago. */
  async again(now: Date): Promise<string[]> {
    if (this.#read === undefined || now.getTime() - this.#read.at < READ_AGAIN_MILLISECONDS) {
      return []
    }
    this.#read = undefined
    return this.values(now)
  }

  async #ask(): Promise<string[]> {
    try {
      const { SecretString = '' } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#id }),
      )
      return SecretString.split(/\s+/)
        .filter((secret) => secret.length >= SHORTEST)
        .slice(0, MOST)
    } catch (error) {
      this.#read = undefined
      throw error
    }
  }
}
