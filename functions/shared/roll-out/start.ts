import type { SFNClient } from '@aws-sdk/client-sfn'
import type { Push } from '../../../domain/table/record.ts'
import { startFor } from '../start.ts'

/** What the roll-out machine is started with: which service, and why. Never what is to be done. */
export type RollOutInput = { service: string } & (
  | { push: Push }
  | { waiting: true }
  | { sweep: true }
  /** A person names the digest; `retry`: although it failed here, or never ran here. */
  | { digest: string; by: string; reason: string; retry: boolean }
)

/** Starts the roll-out of one service; `why` as `startFor` has it. */
export const startRollOut = (
  sfn: SFNClient,
  machine: string,
  input: RollOutInput,
  why: string,
): Promise<void> => startFor(sfn, machine, input, why)
