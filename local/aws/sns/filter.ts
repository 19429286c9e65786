import { AwsError } from '../errors.ts'
import { compilePattern } from '../eventbridge/pattern.ts'
import { type Attributes, invalid, type Notification } from './model.ts'

/**
 * Whether a subscription takes a notification by its filter policy, whose operators are those of
 * event patterns.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 *
 * @throws AwsError InvalidParameterException for a policy that is none
 */
export function filter({ FilterPolicy, FilterPolicyScope }: Attributes) {
  if (!FilterPolicy || FilterPolicy === '{}') return () => true
  const matches = compiled(FilterPolicy)
  const subject = FilterPolicyScope === 'MessageBody' ? bodyOf : attributesOf
  return (notification: Notification) => matches(subject(notification))
}

function compiled(policy: string): (subject: unknown) => boolean {
  try {
    return compilePattern(policy)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const reason = error.message.replace(/^.*Reason: /, '')
    throw invalid(`Attributes Reason: FilterPolicy: ${reason}`)
  }
}

/** A body that is not JSON matches no policy. */
function bodyOf({ message }: Notification): unknown {
  return json(message)
}

/** Numbers and arrays are sent as text. A binary attribute cannot be asked for. */
function attributesOf({ attributes }: Notification): unknown {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, { StringValue }]) => StringValue !== undefined)
      .map(([name, { DataType, StringValue = '' }]) => [
        name,
        DataType === 'String' ? StringValue : json(StringValue),
      ]),
  )
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
