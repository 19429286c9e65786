import { isOfEnvironment } from '../../domain/tags.ts'
import { changesOf } from './changes.ts'
import type { Invariant } from './invariant.ts'

export const leavesOtherEnvironmentsAlone: Invariant = {
  holds: 'Another environment’s resources are never touched, recorded or told.',
  number: 16,
  when: 'always',
  violations: (trace) => {
    const foreign = trace.services.filter(({ tags }) => !isOfEnvironment(tags, trace.environment))
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
