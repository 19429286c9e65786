/** What AWS calls being asked too often. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|Rate exceeded|answered 429/

/**
 * Why something could not be read, in words.
 *
 * @param pause milliseconds until it is tried again.
 */
export function troubleOf(error: unknown, pause: number): string {
  const { name, message } = error as Error
  const again = `It is asked again in ${Math.round(pause / 1000)} s.`
  if (THROTTLED.test(`${name} ${message}`)) {
    return `AWS is asked more than it answers at the moment (${name === 'Problem' ? message : name}). ${again}`
  }
  return `${message} ${again}`
}
