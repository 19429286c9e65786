import { type Call, type Check, checksOf } from '../../local/aws/iam/actions.ts'
import { contextOf } from '../../local/aws/iam/context.ts'
import { dependentChecks } from '../../local/aws/iam/dependent.ts'
import { SERVICE_KEYS } from '../../local/aws/iam/keys.ts'

const PRINCIPAL = { arn: 'arn:aws:iam::123456789012:role/tester', tags: {} }
/** Of the tags those that transcripts use. */
const KEYS = [
  ...Object.keys(SERVICE_KEYS),
  ...['aws:TagKeys', 'aws:RequestTag/team', 'aws:ResourceTag/team', 'ecr:ResourceTag/team'],
]

/**
 * What IAM asks of a role before a call: `<action> on <resource>`, with the condition keys that such
 * a check has.
 */
export function askedRights(call: Call): (string | Record<string, unknown>)[] {
  const checks = [...checksOf(call), ...dependentChecks(call)]
  return checks.map((check) => {
    const asked = `${check.action} on ${check.resource}`
    const keys = { ...check.keys, ...keysOf(call, check) }
    return Object.keys(keys).length === 0 ? asked : { [asked]: keys }
  })
}

function keysOf({ aws }: Call, check: Check): Record<string, readonly string[]> {
  const context = contextOf(aws, check, PRINCIPAL)
  const known = KEYS.filter((key) => check.keys[key.toLowerCase()] === undefined)
  return Object.fromEntries(
    known.flatMap((key) => {
      const values = context(key)
      return values === undefined ? [] : [[key, values]]
    }),
  )
}
