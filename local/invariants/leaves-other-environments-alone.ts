import { isOfEnvironment, TAGS } from '../../domain/tags.ts'
import { changesOf } from './changes.ts'
import type { Invariant } from './invariant.ts'
import type { Call } from './trace.ts'

export const leavesOtherEnvironmentsAlone: Invariant = {
  holds: 'Another environment’s resources are never touched, recorded or told.',
  number: 16,
  when: 'always',
  violations: (trace) => {
    // One that was given away by a tag has records from before.
    const given = new Set(
      trace.calls
        .filter(({ operation, input }) => operation === 'TagResource' && namesEnvironment(input))
        .map(({ input }) => input.resourceArn),
    )
    const foreign = trace.services.filter(
      ({ arn, tags }) => !isOfEnvironment(tags, trace.environment) && !given.has(arn),
    )
    const isForeign = (key: string) =>
      foreign.some(({ service }) => key.startsWith(`service#${service}`))
    return [
      ...changesOf(trace)
        .filter(({ about }) => !isOfEnvironment(about?.tags ?? {}, trace.environment))
        .map(({ name, operation, about }) => `${name} called ${operation} of ${about?.service}`),
      ...trace.items.sizes.filter(({ key }) => isForeign(key)).map(({ key }) => `recorded: ${key}`),
      ...trace.messages.filter(({ key }) => isForeign(key)).map(({ key }) => `told: ${key}`),
    ]
  },
}

const namesEnvironment = ({ tags }: Call['input']): boolean =>
  ((tags ?? []) as { key?: string }[]).some(({ key }) => key === TAGS.environment)
