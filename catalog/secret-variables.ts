/** Words in the name of a variable whose value nobody else should read. */
const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PASS|SECRET|TOKEN|CREDENTIALS?|(API|PRIVATE|ACCESS)_?KEY)$/

/** Values that say by themselves what they are. */
const SECRET_VALUES: readonly RegExp[] = [
  // Stripe, GitHub, Slack, Google, AWS: the beginnings that these give their keys.
  /\b[sr]k_(live|test)_\w{8,}/,
  /\bgh[pousr]_\w{20,}/,
  /\bxox[abpr]-[\w-]{10,}/,
  /\bAIza[\w-]{30,}/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // A password in a URL: postgres://user:password@host
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
]

/** A word, not what could be one: `TOKEN: ""`, `ACCESS_KEY: none`, `SECRET: /run/secrets/x`. */
const NO_SECRET = /^(.{0,5}|\d+|true|false|https?:\/\/.*|\/.*)$/is

/** The variables of a map that look as if their values should be secrets. */
export function secretVariables(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(
      ([name, value]) =>
        SECRET_VALUES.some((pattern) => pattern.test(value)) ||
        (SECRET_NAME.test(name.toUpperCase()) && !NO_SECRET.test(value)),
    )
    .map(([name]) => name)
}
