import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** The bot's token, read once and again when Slack does not know it any more. */
export class Token {
  readonly #secrets: SecretsManagerClient
  readonly #secret: string
  #value: Promise<string | undefined> | undefined

  constructor(secrets: SecretsManagerClient, secret: string) {
    this.#secrets = secrets
    this.#secret = secret
  }

  /** Undefined while Slack is not connected: the secret is made with a value that is no token. */
  value(): Promise<string | undefined> {
    this.#value ??= this.#read()
    return this.#value
  }

  forget(): void {
    this.#value = undefined
  }

  async #read(): Promise<string | undefined> {
    try {
      const { SecretString = '' } = await this.#secrets.send(
        new GetSecretValueCommand({ SecretId: this.#secret }),
      )
      return SecretString.startsWith('xoxb-') ? SecretString : undefined
    } catch (error) {
      this.forget()
      // The stack makes the secret; somebody may have taken it away.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
      throw error
    }
  }
}
