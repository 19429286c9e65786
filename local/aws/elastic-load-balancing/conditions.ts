import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import { cidrContains, parseCidr } from '../cidr.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { BalancedRequest } from './http.ts'

export const validation = (message: string): AwsError => new AwsError('ValidationError', message)

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST = { values: 5, wildcards: 6, length: 128 }

/** Fields of which a rule has at most one condition. */
const ONCE = ['host-header', 'http-request-method', 'path-pattern', 'source-ip']
const FIELDS = [...ONCE, 'http-header', 'query-string']

/**
 * The conditions of a rule, as they are allowed.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 *
 * @throws AwsError ValidationError
 */
export function checkConditions(conditions: readonly RuleCondition[] = []): void {
  if (conditions.length === 0) throw validation('A rule must have at least one condition')
  for (const condition of conditions) checkCondition(condition)
  for (const field of ONCE) {
    if (conditions.filter(({ Field }) => Field === field).length > 1) {
      throw validation(`A rule can only have one '${field}' condition`)
    }
  }
  const values = conditions.flatMap(valuesOf)
  if (values.length > MOST.values) {
    throw validation(`A rule can only have '${MOST.values}' condition values`)
  }
  const wildcards = values.join('').match(/(?<!\\)[*?]/g) ?? []
  if (wildcards.length > MOST.wildcards) {
    throw validation(`A rule can only have '${MOST.wildcards}' condition wildcards`)
  }
}

function checkCondition(condition: RuleCondition): void {
  const { Field = '' } = condition
  if (!FIELDS.includes(Field)) {
    throw validation(`Condition field '${Field}' must be one of '[${FIELDS.join(', ')}]'`)
  }
  for (const config of [condition.HostHeaderConfig, condition.PathPatternConfig]) {
    if (config !== undefined) onlyMembers('a rule condition', config, ['Values'])
  }
  if (Field === 'http-header' && !condition.HttpHeaderConfig?.HttpHeaderName) {
    throw validation('An http-header condition must have a header name')
  }
  const values = valuesOf(condition)
  if (values.length === 0) throw validation('A condition value must be specified')
  const long = values.find((value) => value.length > MOST.length)
  if (long !== undefined) {
    throw validation(`The '${Field}' value is too long; the limit is '${MOST.length}'`)
  }
  if (Field === 'source-ip' && values.some((value) => parseCidr(value) === undefined)) {
    throw validation(`The source-ip values '${values.join(', ')}' must be CIDR blocks`)
  }
}

function valuesOf(condition: RuleCondition): string[] {
  const { HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, HttpRequestMethodConfig } =
    condition
  const { QueryStringConfig, SourceIpConfig, Values } = condition
  if (QueryStringConfig !== undefined) {
    return (QueryStringConfig.Values ?? []).map(({ Value = '' }) => Value)
  }
  const config =
    HostHeaderConfig ??
    PathPatternConfig ??
    HttpHeaderConfig ??
    HttpRequestMethodConfig ??
    SourceIpConfig
  return config?.Values ?? Values ?? []
}

/** Whether a request fits: every condition, each by any of its values. */
export function fits(conditions: readonly RuleCondition[], request: BalancedRequest): boolean {
  return conditions.every((condition) => fitsOne(condition, request))
}

function fitsOne(condition: RuleCondition, request: BalancedRequest): boolean {
  const values = valuesOf(condition)
  const { HttpHeaderConfig, QueryStringConfig } = condition
  switch (condition.Field) {
    case 'host-header':
      return values.some((value) => like(value.toLowerCase(), request.host.toLowerCase()))
    case 'path-pattern':
      return values.some((value) => like(value, request.path))
    case 'http-request-method':
      return values.includes(request.method)
    case 'source-ip':
      return values.map(parseCidr).some((range) => range && cidrContains(range, request.sourceIp))
    case 'http-header': {
      const name = HttpHeaderConfig?.HttpHeaderName?.toLowerCase()
      const given = request.headers.filter(([header]) => header === name)
      return given.some(([, text]) => values.some((value) => likeAnyCase(value, text)))
    }
    default: {
      const given = [...new URLSearchParams(request.query)]
      return (QueryStringConfig?.Values ?? []).some(({ Key, Value = '' }) =>
        given.some(
          ([key, value]) =>
            (Key === undefined || likeAnyCase(Key, key)) && likeAnyCase(Value, value),
        ),
      )
    }
  }
}

const likeAnyCase = (pattern: string, text: string): boolean =>
  like(pattern.toLowerCase(), text.toLowerCase())

/** `*` stands for any characters, `?` for one; a backslash before one takes it as it is. */
function like(pattern: string, text: string): boolean {
  const source = pattern.replace(/\\[*?\\]|[.+^${}()|[\]\\*?]/g, (found) => {
    if (found === '*') return '.*'
    if (found === '?') return '.'
    return found.length === 2 ? found : `\\${found}`
  })
  return new RegExp(`^${source}$`, 's').test(text)
}
