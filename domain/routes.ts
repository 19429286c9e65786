/**
 * Where the rules of services stand on the load balancer. Each has the number before its own free:
 * there stands, while the service sleeps, the rule that leads to the page that wakes it. It fits the
 * same requests, so that it takes nobody else's.
 *
 * A rule tried earlier has a lower number, 1 to 50,000. Those of versions before, which were the
 * catalog's own numbers, lie below all of these: while an environment is deployed anew no rule meets
 * another's number.
 */
const FIRST = 20_000
const STEP = 2

/** The largest that a catalog may give: the last of the load balancer's 50,000. */
export const LARGEST_PRIORITY = (50_000 - FIRST) / STEP

/** @param priority the catalog's. */
export const rulePriority = (priority: number): number => FIRST + STEP * priority

/** The number of the rule before a service's own. */
export const wakePriority = (own: number): number => own - 1

/** Whether a rule with this number stands before a service's own. */
export const isWakePriority = (priority: number): boolean =>
  priority > FIRST && (priority - FIRST) % STEP === STEP - 1

/** The path, at every host, at which the load balancer has visitors sign in before they wake anything. */
export const SIGN_IN_PATH = '/.caretaker/sign-in'

/**
 * Where the load balancer takes people who have signed in back from the identity provider.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export const SIGNED_IN_PATH = '/oauth2/idpresponse'

/** Tried before the rule of any service: its path is nobody else's. */
export const SIGN_IN_PRIORITY = FIRST

/** What the rule of a service fits: one of its paths, and one of its hosts where those are named. */
export type Route = { paths: readonly string[]; hosts: readonly string[]; priority: number }

/**
 * Whose a request is, as the load balancer decides it: the first rule that fits.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 *
 * @param routes by the service's name.
 * @param path as it was sent, percent-encoded.
 */
export function serviceAt(
  routes: Readonly<Record<string, Route>>,
  { host, path }: { host: string; path: string },
): string | undefined {
  const [first] = Object.entries(routes)
    .filter(
      ([, { hosts }]) => hosts.length === 0 || hosts.some((one) => fits(one, host.toLowerCase())),
    )
    .filter(([, { paths }]) => paths.some((one) => fits(one, path)))
    .toSorted(([, a], [, b]) => a.priority - b.priority)
  return first?.[0]
}

/** `*` stands for any characters, `?` for one. */
export function fits(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\*?]/g, (found) =>
    found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`,
  )
  return new RegExp(`^${source}$`, 's').test(text)
}

/** The load balancer that services with a route are behind. */
export const balancerName = (environment: string): string => `${environment}-public`

/** The target group of the function that answers visitors of what sleeps. */
export const wakeTargetsName = (environment: string): string => `${environment}-wake`

/** The target group of the same function that only people who have signed in are led to. */
export const signedInTargetsName = (environment: string): string => `${environment}-signed-in`

/** Whether a target group is the one of a name. @param arn `…:targetgroup/<name>/<id>`. */
export const isGroupNamed = (name: string, arn: string): boolean =>
  arn.split(':targetgroup/')[1]?.split('/')[0] === name
