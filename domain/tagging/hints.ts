import type { TagCase } from '../table/tag-case.ts'
import { takenOffKey } from './policy.ts'

/** Services of ECS that were made before 2021 may have an ARN without their cluster. */
const SHORT_ARN = /:ecs:[^:]*:[^:]*:service\/[^/]+$/
const MIGRATION =
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-arn-migration.html'

/** What helps with what is left of something, beside the sentences that say what is left. */
export function hintsOn(one: TagCase, takesNoMark: boolean): string[] {
  const { arn, left, refused, markRefused } = one
  const keys = left.flatMap((said) => takenOffKey(said) ?? [])
  return [
    ...(keys.length > 0
      ? [
          `Whoever takes it off should leave it: in Terraform ${ignoring(keys)}, or the tag in their code`,
        ]
      : []),
    ...(refused === undefined ? [] : [`AWS says ${refused.error}`]),
    ...(refused !== undefined && SHORT_ARN.test(arn)
      ? [
          `Its ARN is of the short form, which takes no tags; it is migrated while it runs: ${MIGRATION}`,
        ]
      : []),
    ...(takesNoMark
      ? [`It is neither marked nor stopped: AWS does not take the mark (${markRefused?.error})`]
      : []),
  ]
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs#ignore_tags */
const ignoring = (keys: readonly string[]): string =>
  keys.every((key) => key.startsWith('caretaker:'))
    ? 'ignore_tags { key_prefixes = ["caretaker:"] }'
    : `ignore_tags { keys = [${keys.map((key) => `"${key}"`).join(', ')}] }`
