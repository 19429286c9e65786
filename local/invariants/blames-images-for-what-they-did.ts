import type { Invariant } from './invariant.ts'
import type { Trace } from './trace.ts'

export const blamesImagesForWhatTheyDid: Invariant = {
  holds:
    'An image is quarantined only for what the image did; whatever else failed is tried again when its cause is gone.',
  number: 18,
  when: 'always',
  violations: (trace) =>
    trace.items.digests
      .filter(({ verdict }) => verdict === 'rolled-back')
      .flatMap(({ pk, sk, reason }) => {
        const service = pk.slice('service#'.length)
        const digest = sk.slice('digest#'.length)
        if (hasFailed(trace, service, digest) || isStopped(trace, service)) return []
        return [`${service} quarantines ${digest}, none of its tasks failed: ${reason}`]
      }),
}

const hasFailed = ({ tasks }: Trace, service: string, digest: string): boolean =>
  tasks.some((task) => task.failed && task.service === service && task.digests.includes(digest))

/** Whoever stops a deployment asks for the roll-back. */
const isStopped = ({ calls }: Trace, service: string): boolean =>
  calls.some(
    ({ by, operation, outcome, input }) =>
      by === 'person' &&
      operation === 'StopServiceDeployment' &&
      outcome === 'ok' &&
      String(input.serviceDeploymentArn).includes(`/${service}/`),
  )
