import { handedOn } from './handed-on.ts'
import type { Invariant } from './invariant.ts'

export const takesEachSignatureOnce: Invariant = {
  holds: 'Replayed input changes nothing: what Slack has signed is handed on once.',
  number: 14,
  when: 'always',
  violations: (trace) =>
    [...Map.groupBy(handedOn(trace), ({ request }) => request.signature)].flatMap(
      ([signature, { length }]) =>
        length === 1 ? [] : [`the request signed ${signature} was handed on ${length} times`],
    ),
}
