/** Patterns as expressions: the same few patterns are asked for with every call. */
const compiled = { sensitive: new Map<string, RegExp>(), insensitive: new Map<string, RegExp>() }

/**
 * IAM's wildcards: `*` stands for any characters, also none; `?` for exactly one.
 *
 * @param ignoreCase actions and `StringEqualsIgnoreCase` do not look at case.
 */
export function matchesWildcard(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern === '*' || pattern === text) return true
  const known = ignoreCase ? compiled.insensitive : compiled.sensitive
  let expression = known.get(pattern)
  if (expression === undefined) {
    expression = new RegExp(`^${sourceOf(pattern, '.')}$`, ignoreCase ? 'is' : 's')
    known.set(pattern, expression)
  }
  return expression.test(text)
}

/** @param any what a wildcard's characters may be. */
function sourceOf(pattern: string, any: string): string {
  return pattern
    .split(/(\$\{[*?$]\}|[*?])/)
    .map((part) => (part === '*' ? `${any}*` : part === '?' ? any : literal(unescaped(part))))
    .join('')
}

const literal = (text: string): string => text.replace(/[.+^${}()|[\]\\*?]/g, '\\$&')

/** `${*}`, `${?}` and `${$}` are the characters themselves. */
const unescaped = (part: string): string => /^\$\{([*?$])\}$/.exec(part)?.[1] ?? part

/** An ARN has six parts; colons in the sixth belong to it. */
const ARN_PARTS = 6

/**
 * Matches an ARN part by part, so that a wildcard stays inside its part. A shorter pattern is
 * completed with `*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  let expression = arns.get(pattern)
  if (expression === undefined) {
    expression = arnExpression(pattern)
    arns.set(pattern, expression)
  }
  return expression.test(arn)
}

const arns = new Map<string, RegExp>()

/** One expression for all parts; the parts a shorter pattern lacks are there, whatever they are. */
function arnExpression(pattern: string): RegExp {
  const parts = partsOf(pattern)
  const sources = parts.map((part, index) => sourceOf(part, index < ARN_PARTS - 1 ? '[^:]' : '.'))
  const missing = ARN_PARTS - parts.length
  const rest = missing > 0 ? `:(?:[^:]*:){${missing - 1}}` : '$'
  return new RegExp(`^${sources.join(':')}${rest}`, 's')
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, ARN_PARTS - 1), ...rest(parts)]
}

const rest = (parts: string[]): string[] =>
  parts.length < ARN_PARTS ? [] : [parts.slice(ARN_PARTS - 1).join(':')]
