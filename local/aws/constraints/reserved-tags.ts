import { AwsError } from '../errors.ts'
import { codeOf } from './words.ts'

/**
 * Refuses tags whose keys begin with `aws:`, in any case: only AWS gives those. Most services say
 * it in the same words, with the code for what their models do not allow.
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 *
 * @throws AwsError
 */
export function refuseReservedTags(service: string, input: Record<string, unknown>): void {
  const tags = input.tags ?? input.Tags
  if (tags === undefined || tags === null || !keysOf(tags).some(isReserved)) return
  throw service === 'ec2'
    ? new AwsError(
        'InvalidParameterValue',
        "Tag keys starting with 'aws:' are reserved for internal use",
      )
    : new AwsError(codeOf(service), 'aws: prefixed tag key names are not allowed for external use.')
}

const isReserved = (key: unknown): boolean => typeof key === 'string' && /^aws:/i.test(key)

function keysOf(tags: object): unknown[] {
  if (!Array.isArray(tags)) return Object.keys(tags)
  return tags.map((tag: { key?: unknown; Key?: unknown } | null) => tag?.key ?? tag?.Key)
}
