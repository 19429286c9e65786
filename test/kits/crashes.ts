import { beforeAll, describe, expect, test } from 'vitest'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import type { FunctionCall } from '../../local/aws/lambda/runtime.ts'
import { differentIn, violatedIn } from '../../local/invariants/all.ts'
import { Recording } from '../../local/invariants/recording.ts'
import type { Trace } from '../../local/invariants/trace.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { twoServices } from './catalog.ts'
import { GOOD, Stage } from './roll-outs.ts'

/** A place at which a function could have died. */
type Place = { where: string; call: FunctionCall; moment: string }

/** One run: what happened in it, and every such place. */
type Run = { trace: Trace; places: Place[] }

/**
 * Rolls an image out after a good one. The function that comes to place number `fatal` dies there,
 * once; what its caller does then is AWS's part and the machine's.
 */
async function rollOut(image: ImageDescription, fatal?: number): Promise<Run> {
  const stage = await Stage.open({ seed: 5, catalog: twoServices() })
  const recording = new Recording(stage.simulation)
  stage.push(GOOD)
  await stage.minutes(6)
  const places: Place[] = []
  const { aws, lambda, world } = stage.simulation
  let calls = 0
  aws.guards.unshift(() => void calls++)
  lambda.killer = (call) => {
    if (isSweep(call)) return false
    const where = `${call.when} call ${call.n} of ${call.function}, ${call.operation}`
    places.push({ where, call, moment: `${world.now} ${calls}` })
    return places.length - 1 === fatal
  }
  stage.push(image)
  await stage.minutes(12)
  return { trace: recording.trace({ settled: true }), places }
}

/** The sweep's calls: it only reads, and comes every five minutes whatever we do. */
const isSweep = (call: FunctionCall): boolean => call.function.endsWith('-sweep')

/**
 * Whether a function that dies here leaves the same world behind as when it dies at its next place:
 * it goes straight from one call to the next, and meanwhile nobody has called AWS and no time has
 * passed. Both leave at most another line of log.
 */
function isLikeNext({ call, moment }: Place, next: Place | undefined): boolean {
  const isStraight = call.when === 'after' && next?.call.when === 'before'
  return isStraight && next.call.requestId === call.requestId && next.moment === moment
}

/** It is a hundred roll-outs: with a twentieth of a core, that much slower than others. */
const STUCK_MILLISECONDS = 3_600_000

/**
 * A roll-out for each place at which a function could die, of places that are alike for one. One
 * file for each image: files share the machine's cores.
 *
 * @param atLeast so many places there are, or the killer does not see them.
 */
export function diesEverywhere(what: string, image: ImageDescription, atLeast: number): void {
  describe('a function that dies before or after any of its calls', () => {
    // Building and synthesizing takes its time; every story after that takes milliseconds.
    beforeAll(() => templatesOf(twoServices()))

    test(`leaves the same world behind: ${what}`, { timeout: STUCK_MILLISECONDS }, async () => {
      const calm = await rollOut(image)
      expect(violatedIn(calm.trace)).toEqual([])
      expect(calm.places.length).toBeGreaterThan(atLeast)
      for (const [at, place] of calm.places.entries()) {
        if (isLikeNext(place, calm.places[at + 1])) continue
        const { trace } = await rollOut(image, at)
        const found = [...violatedIn(trace), ...differentIn(calm.trace, trace)]
        expect(found.join('\n\n'), `killed ${place.where}`).toBe('')
      }
    })
  })
}
