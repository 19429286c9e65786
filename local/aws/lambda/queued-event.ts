import type { LambdaFunction } from './model.ts'

/** One event in the queue in front of a function. */
export type QueuedEvent = {
  fn: LambdaFunction
  /** JSON. */
  payload: string
  /** The same in every attempt. */
  requestId: string
  /** Simulated milliseconds. */
  acceptedAt: number
  /** Times the function has run. */
  attempts: number
}

/** Why an event left the queue, as the record for the destination calls it. */
export type Condition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
