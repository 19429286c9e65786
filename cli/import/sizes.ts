import type { Service } from '../../catalog/schema.ts'
import { FARGATE_MEMORY } from '../../catalog/value-checks.ts'
import type { Draft } from './draft.ts'
import type { Tree } from './tree.ts'

type Size = Pick<Service, 'cpu' | 'memory'>

/**
 * The smallest task of Fargate that holds so much; undefined where none does.
 *
 * @param cpu in units, 1024 a processor.
 * @param memory in MiB.
 */
function sizeFor(cpu: number, memory: number): Size | undefined {
  for (const [units, [least, most, step = 1024]] of Object.entries(FARGATE_MEMORY)) {
    if (Number(units) < cpu || memory > most) continue
    const isHalf = least === 512 && memory <= 512
    const rounded = isHalf ? 512 : Math.max(least, Math.ceil(memory / step) * step)
    return { cpu: Number(units) as Service['cpu'], memory: rounded }
  }
  return undefined
}

/** The largest task there is. */
const LARGEST: Size = { cpu: 16_384, memory: 122_880 }

/**
 * Gives a service the size of a task that holds what its input asks for; without a word of it, the
 * catalog's own default.
 */
export function giveSize(
  draft: Draft,
  cpu: { units: number | undefined; tree: Tree | undefined },
  memory: { mebibytes: number | undefined; tree: Tree | undefined },
): void {
  if (cpu.units === undefined && memory.mebibytes === undefined) return
  const found = sizeFor(cpu.units ?? 256, memory.mebibytes ?? 512)
  const size = found ?? LARGEST
  draft.put('cpu', size.cpu, cpu.units === undefined ? undefined : cpu.tree)
  draft.put('memory', size.memory, memory.mebibytes === undefined ? undefined : memory.tree)
  if (found !== undefined) return
  const because = `the largest task has cpu ${LARGEST.cpu} and memory ${LARGEST.memory}, which is written`
  draft.report.leave(
    memory.tree ?? cpu.tree,
    because,
    'share the work among several tasks (`count`)',
  )
}
