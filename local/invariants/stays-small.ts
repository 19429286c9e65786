import type { Invariant } from './invariant.ts'

const KIB = 1024
/** Bytes of an execution's input and of a payload, and of an item of the table. */
const PAYLOAD = 64 * KIB
const RECORD = 100 * KIB

export const staysSmall: Invariant = {
  holds:
    'An execution’s input and every payload stay below 64 KiB, and a record below 100 KiB, with 60 services and 100 digests each.',
  number: 15,
  when: 'always',
  violations: ({ executions, invocations, items }) => [
    ...executions
      .filter(({ inputBytes, largestBytes }) => Math.max(inputBytes, largestBytes) >= PAYLOAD)
      .map(({ arn, largestBytes }) => `${arn} carries ${largestBytes} bytes`),
    ...invocations
      .filter(({ payloadBytes, answerBytes }) => Math.max(payloadBytes, answerBytes) >= PAYLOAD)
      .map((one) => `${one.function} took ${one.payloadBytes} bytes, answered ${one.answerBytes}`),
    ...items.sizes
      .filter(({ bytes }) => bytes >= RECORD)
      .map(({ key, bytes }) => `the item ${key} has ${bytes} bytes`),
  ],
}
