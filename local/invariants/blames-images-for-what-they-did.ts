import type { Invariant } from './invariant.ts'

export const blamesImagesForWhatTheyDid: Invariant = {
  holds:
    'An image is quarantined only for what the image did; whatever else failed is tried again when its cause is gone.',
  number: 18,
  when: 'always',
  violations: ({ items, tasks }) =>
    items.digests
      .filter(({ verdict }) => verdict === 'rolled-back')
      .flatMap(({ pk, sk, reason }) => {
        const service = pk.slice('service#'.length)
        const digest = sk.slice('digest#'.length)
        const didFail = tasks.some(
          (task) => task.failed && task.service === service && task.digests.includes(digest),
        )
        return didFail
          ? []
          : [`${service} quarantines ${digest}, none of its tasks failed: ${reason}`]
      }),
}
