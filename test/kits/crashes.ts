import { beforeAll, describe, expect, test } from 'vitest'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import type { FunctionCall } from '../../local/aws/lambda/runtime.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { GOOD, Stage } from './roll-outs.ts'

/** One run: what was left at its end, and every place at which a function could have died. */
type Run = { world: object; places: string[] }

/**
 * Rolls an image out after a good one. The function that comes to place number `fatal` dies there,
 * once; what its caller does then is AWS's part and the machine's.
 */
async function rollOut(image: ImageDescription, fatal?: number): Promise<Run> {
  const stage = await Stage.open({ seed: 5 })
  const first = stage.push(GOOD)
  await stage.minutes(6)
  const places: string[] = []
  const swept = sweeps()
  stage.simulation.lambda.killer = (call) => {
    if (swept(call)) return false
    places.push(`${call.when} call ${call.n} of ${call.function}, ${call.operation}`)
    return places.length - 1 === fatal
  }
  const second = stage.push(image)
  await stage.minutes(12)
  const { running } = await stage.service()
  const world = {
    running: [first, second].indexOf(running?.digest ?? ''),
    verdicts: stage.simulation.records.verdicts.map(({ verdict, reason }) => [verdict, reason]),
    registered: stage.calls('RegisterTaskDefinition'),
    updated: stage.calls('UpdateService'),
    messages: stage.simulation.slack.messages.map(({ text }) => text),
  }
  return { world, places }
}

/** Tells the sweep's calls: it only reads, and comes every five minutes whatever we do. */
function sweeps(): (call: FunctionCall) => boolean {
  const pushes = new Set<string>()
  const isPlan = (call: FunctionCall) => call.function.endsWith('plan-roll-out')
  return (call) => {
    if (!isPlan(call)) return false
    if (pushes.size === 0) pushes.add(call.requestId)
    return !pushes.has(call.requestId)
  }
}

/** It is a hundred roll-outs: with a twentieth of a core, that much slower than others. */
const STUCK_MILLISECONDS = 3_600_000

/**
 * A roll-out for each place at which a function could die. One file for each image: files share
 * the machine's cores.
 *
 * @param atLeast so many places there are, or the killer does not see them.
 */
export function diesEverywhere(what: string, image: ImageDescription, atLeast: number): void {
  describe('a function that dies before or after any of its calls', () => {
    // Building and synthesizing takes its time; every story after that takes milliseconds.
    beforeAll(() => templatesOf())

    test(`leaves the same world behind: ${what}`, { timeout: STUCK_MILLISECONDS }, async () => {
      const calm = await rollOut(image)
      expect(calm.places.length).toBeGreaterThan(atLeast)
      for (const [place, where] of calm.places.entries()) {
        const { world } = await rollOut(image, place)
        expect(world, `killed ${where}`).toEqual(calm.world)
      }
    })
  })
}
