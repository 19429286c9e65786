import { UntagResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { TAGS } from '../../domain/tags.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import type { Sources } from './sources.ts'
import { writeTags } from './write.ts'

const AT_ONCE = 20
const PAUSE_MS = 250

/**
 * Marks these with their dates.
 *
 * @returns those that carry them now, and those whose mark AWS has refused, with its words.
 */
export async function putMarks(sources: Sources, cases: readonly TagCase[]) {
  const byArn = new Map(cases.map((one) => [one.arn, one]))
  const writes = cases.map(({ arn, due = '' }) => ({
    arn,
    tags: { [TAGS.tagsDue]: due.slice(0, 10) },
  }))
  const [marked, refused]: [TagCase[], TagCase[]] = [[], []]
  await writeTags(sources, writes, async (arn, error) => {
    const one = byArn.get(arn)
    if (one === undefined) return
    const { markRefused, ...taken } = one
    if (error === undefined) {
      marked.push(taken)
      return
    }
    sources.log.error('AWS does not take the mark', { arn, error })
    const { due: _, ...rest } = taken
    const times = (markRefused?.times ?? 0) + 1
    refused.push({ ...rest, markRefused: { times, error: cut(error, REASON_CHARACTERS) } })
  })
  return { marked, refused }
}

/** Takes our mark off, whoever has copied it there; no other key is ever taken off. */
export async function takeMarks({ tagging, pause, log }: Sources, arns: readonly string[]) {
  for (let start = 0; start < arns.length; start += AT_ONCE) {
    const answer = await tagging.send(
      new UntagResourcesCommand({
        ResourceARNList: arns.slice(start, start + AT_ONCE),
        TagKeys: [TAGS.tagsDue],
      }),
    )
    await pause(PAUSE_MS)
    const failed = answer.FailedResourcesMap ?? {}
    if (Object.keys(failed).length > 0) log.error('AWS leaves marks where they are', { failed })
  }
}
