import { watchedOf } from '../../domain/tagging/types.ts'
import { TAGS } from '../../domain/tags.ts'
import { changesOf, isAboutItself } from './changes.ts'
import type { Invariant } from './invariant.ts'
import type { Call, Retagged, Trace } from './trace.ts'

const TAGGING = 'resource-groups-tagging-api'

/** What the Tagging API asks of the services themselves, with the rights of who called it. */
const BEHIND =
  /^(CreateTags|DeleteTags|CreateOrUpdateTags|(Tag|Untag)(Resource|Queue)|(Add|Remove)Tags(ToResource|FromResource)?)$/
const POWER = /^(Start|Stop)(Instances|DBInstance|DBCluster)$/

export const tagsOnlyWhatIsAbsent: Invariant = {
  holds:
    'Tag enforcement touches what the catalog’s `tags.watch` names and no other environment claims: it adds keys that are absent, takes off its own mark alone, and stops and starts what carries that. Dry-run makes no such call.',
  number: 8,
  when: 'always',
  violations: (trace) =>
    changesOf(trace)
      .filter((call) => isOfTags(call) && !isAboutItself(call, trace))
      .flatMap((call) => violationsOf(call, trace)),
}

/** Whether tag enforcement has made a call. */
export const isOfTags = ({ by, name }: Call): boolean =>
  by === 'function' && name.endsWith('-keep-tags')

function violationsOf(call: Call, trace: Trace): string[] {
  const { service, operation, about, retagged = [], input } = call
  const said = (what: string) => [`keep-tags called ${operation}: ${what}`]
  if (trace.tags.level !== 'act') return said('the catalog says that tags only tell')
  if (service !== TAGGING && BEHIND.test(operation)) return []
  if (POWER.test(operation)) {
    return about?.tags[TAGS.tagsDue] === undefined ? said('of what carries no mark') : []
  }
  if (service !== TAGGING) return said('which is none of its calls')
  return retagged.flatMap((one) =>
    problemsOf(one, { operation, input, trace }).map((problem) => said(problem)[0] ?? problem),
  )
}

type Asked = Pick<Call, 'operation' | 'input'> & { trace: Trace }

function problemsOf({ arn, tags }: Retagged, { operation, input, trace }: Asked): string[] {
  const type = watchedOf(arn)?.type
  const claimed = tags[TAGS.environment] ?? trace.environment
  // What it has written itself, and has got no answer to, it writes once more: that changes nothing.
  const keys =
    operation === 'TagResources'
      ? Object.entries(input.Tags as Record<string, string>).flatMap(([key, value]) =>
          key in tags && tags[key] !== value ? key : [],
        )
      : (input.TagKeys as string[])
  return [
    ...(type !== undefined && trace.tags.watch.includes(type) ? [] : [`${arn} is not watched`]),
    ...(claimed === trace.environment ? [] : [`${arn} is of ${claimed}`]),
    ...keys.filter((key) => key !== TAGS.tagsDue).map((key) => `${key} of ${arn} was there`),
  ]
}
