import type { Service } from '../../catalog/schema.ts'
import { FARGATE_MEMORY } from '../../catalog/value-checks.ts'

export type Size = Pick<Service, 'cpu' | 'memory'>

/**
 * The smallest task of Fargate that holds so much; undefined where none does.
 *
 * @param cpu in units, 1024 a processor.
 * @param memory in MiB.
 */
export function sizeFor(cpu: number, memory: number): Size | undefined {
  for (const [units, [least, most, step = 1024]] of Object.entries(FARGATE_MEMORY)) {
    if (Number(units) < cpu || memory > most) continue
    const isHalf = least === 512 && memory <= 512
    const rounded = isHalf ? 512 : Math.max(least, Math.ceil(memory / step) * step)
    return { cpu: Number(units) as Service['cpu'], memory: rounded }
  }
  return undefined
}

/** The largest task there is. */
export const LARGEST: Size = { cpu: 16_384, memory: 122_880 }
