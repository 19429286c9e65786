import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a request says about its own signature. */
export type Signed = { timestamp: string; signature: string }

/** Seconds that a request may be older, or newer, than our clock. */
const WINDOW_SECONDS = 5 * 60

/**
 * The signature of a request, if it has one that is to be looked at: of the right form, and sent
 * within five minutes.
 *
 * @param headers by lower-case name.
 */
export function signedIn(headers: Readonly<Record<string, string>>, now: Date): Signed | undefined {
  const timestamp = headers['x-slack-request-timestamp'] ?? ''
  const signature = headers['x-slack-signature'] ?? ''
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return undefined
  const age = Math.abs(now.getTime() / 1000 - Number(timestamp))
  return age <= WINDOW_SECONDS ? { timestamp, signature } : undefined
}

/**
 * Whether one of the secrets has made the signature, over the very bytes that were sent. Each is
 * compared in a time that does not depend on where they differ.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isSigned(
  body: Uint8Array,
  { timestamp, signature }: Signed,
  secrets: readonly string[],
): boolean {
  const given = Buffer.from(signature)
  return secrets
    .map((secret) => {
      const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
      const own = Buffer.from(`v0=${hmac.digest('hex')}`)
      return own.length === given.length && timingSafeEqual(own, given)
    })
    .includes(true)
}
