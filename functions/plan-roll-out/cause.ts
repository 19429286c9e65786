import { instant } from '../record.ts'
import type { Input } from './contract.ts'
import type { Cause } from './plan.ts'

/** Why the machine was started, in the plan's words. */
export function readCause(input: Input, now: Date): Cause {
  if ('sweep' in input) return { kind: 'sweep' }
  if ('service' in input) {
    const { digest, by, reason, retry } = input
    return { kind: 'by-hand', digest, by, reason, retry, at: instant(now) }
  }
  if ('verdict' in input.detail) return { kind: 'waiting' }
  const { detail, time } = input as Extract<Input, { time: string }>
  const push = {
    repository: detail['repository-name'],
    tag: detail['image-tag'],
    digest: detail['image-digest'],
    at: instant(time),
  }
  return { kind: 'push', push }
}
