import type { Aws } from '../aws.ts'
import { NotImplemented } from '../errors.ts'
import { taggedIn } from '../namespaces.ts'
import type { Check } from './actions.ts'
import { general, isKnownKey } from './facts.ts'
import { requestTags, SERVICE_KEYS, tagKeys } from './keys.ts'
import type { Context } from './variables.ts'

/** The role that acts. */
type Principal = { arn: string; tags: Readonly<Record<string, string>> }

/** Global keys that no call of a role's session in one account carries here. */
const ABSENT = new Set([
  'aws:username',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceidentity',
  'aws:principalorgid',
  'aws:resourceorgid',
  'aws:calledvia',
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
])

/**
 * The condition keys of a check. A key that the action does not have is absent, as in IAM; one it
 * has but that is not simulated, or that does not exist, is refused.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function contextOf(aws: Aws, check: Check, principal: Principal): Context {
  return (key) => {
    const name = key.toLowerCase()
    if (check.keys[name] !== undefined) return check.keys[name]
    if (ABSENT.has(name)) return undefined
    return (
      globalKey(name, aws, principal) ??
      (name.startsWith('aws:') ? tagKey(key, aws, check, principal) : serviceKey(key, aws, check))
    )
  }
}

function globalKey(name: string, aws: Aws, { arn }: Principal): readonly string[] | undefined {
  switch (name) {
    case 'aws:principalarn':
      return [arn]
    case 'aws:principalaccount':
    case 'aws:resourceaccount':
      return [aws.account]
    case 'aws:principaltype':
      return ['AssumedRole']
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return ['false']
    case 'aws:requestedregion':
      return [aws.region]
    case 'aws:securetransport':
      return ['true']
    case 'aws:currenttime':
      return [aws.world.date.toISOString()]
    case 'aws:epochtime':
      return [String(Math.floor(aws.world.now / 1000))]
  }
  return undefined
}

function tagKey(
  key: string,
  aws: Aws,
  check: Check,
  principal: Principal,
): readonly string[] | undefined {
  const tag = key.slice(key.indexOf('/') + 1)
  if (/^aws:principaltag\//i.test(key)) return one(principal.tags[tag])
  switch (general(key)) {
    case 'aws:requesttag/*':
      return has(check, key) ? one(requestTags(check.input)?.[tag]) : undefined
    case 'aws:resourcetag/*':
      return has(check, key) ? one(tagsOf(aws, check.resource)[tag]) : undefined
    case 'aws:tagkeys':
      return has(check, key) ? tagKeys(check.input) : undefined
  }
  throw new NotImplemented(`the IAM condition key ${key}`)
}

function serviceKey(key: string, aws: Aws, check: Check): readonly string[] | undefined {
  if (!isKnownKey(key)) throw new NotImplemented(`the IAM condition key ${key}`)
  if (!has(check, key)) return undefined
  if (/:resourcetag\//i.test(key)) {
    return one(tagsOf(aws, check.resource)[key.slice(key.indexOf('/') + 1)])
  }
  const read = SERVICE_KEYS[key.toLowerCase()]
  if (read === undefined) throw new NotImplemented(`the IAM condition key ${key}`)
  return read(check.input, aws)
}

const has = ({ facts }: Check, key: string): boolean => facts.conditionKeys.has(general(key))

const one = (value: string | undefined): string[] | undefined =>
  value === undefined ? undefined : [value]

/** The tags something carries now; a log group's ARN comes with `:log-stream:…`. */
function tagsOf(aws: Aws, resource: string): Readonly<Record<string, string>> {
  const arn = resource.replace(/:log-stream:.*$/, '')
  for (const tagged of taggedIn(aws.services, [arn.split(':')[2] ?? ''])) {
    if (tagged.arn === arn) return tagged.tags
  }
  return {}
}
