import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { World } from '../world.ts'

/** What a caller signs with. */
export type Credentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  expiration: Date
}

/** Whose an access key is, and what its signatures are checked with. */
export type KeyHolder = { caller: Caller; secret: string; token?: string }

type Session = { caller: Caller; credentials: Credentials }

/**
 * The secret of every user. Users are not made: each access key id is the name of one, who has
 * every right.
 */
export const LOCAL_SECRET = 'local'

/** What AWS says about keys it does not know, and about those of another session. */
const unknownKey = (): AwsError =>
  new AwsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    { statusCode: 403 },
  )

/** Access keys: those of sessions, which end, and those of users. */
export class Sessions {
  readonly #world: World
  readonly #sessions = new Map<string, Session>()

  constructor(world: World) {
    this.#world = world
  }

  /** Opens a session of a role. Nobody is asked whether the caller may. */
  open(roleArn: string, name: string, seconds: number): Credentials {
    const { random, now } = this.#world
    const credentials = {
      accessKeyId: `ASIA${random.hex('sts/key', 16).toUpperCase()}`,
      secretAccessKey: random.hex('sts/secret', 40),
      sessionToken: `FwoGZXIvYXdzE${random.hex('sts/token', 200)}`,
      expiration: new Date(now + seconds * 1000),
    }
    const caller: Caller = { kind: 'person', name, roleArn }
    this.#sessions.set(credentials.accessKeyId, { caller, credentials })
    return credentials
  }

  /** @throws AwsError ExpiredTokenException; UnrecognizedClientException for an unknown session. */
  holder(accessKeyId: string): KeyHolder {
    const session = this.#sessions.get(accessKeyId)
    if (session === undefined) {
      if (/^ASIA[0-9A-F]{16}$/.test(accessKeyId)) throw unknownKey()
      return { caller: { kind: 'person', name: accessKeyId }, secret: LOCAL_SECRET }
    }
    const { caller, credentials } = session
    if (credentials.expiration.getTime() <= this.#world.now) {
      throw new AwsError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
        { statusCode: 403 },
      )
    }
    return { caller, secret: credentials.secretAccessKey, token: credentials.sessionToken }
  }
}
