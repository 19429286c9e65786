import { play, type Unmet } from '../local/scenario/play.ts'
import { readScenario } from '../local/scenario/read.ts'
import { report } from '../local/views/report.ts'
import { Story } from '../local/views/story.ts'
import { printer, visible } from './print.ts'

type Options = { seed?: number | undefined; json?: boolean | undefined }

/**
 * Plays a scenario file.
 *
 * @returns 0 when every `expect` holds, 1 when one does not.
 * @throws CatalogError for a wrong file; nothing was played.
 */
export async function simulate(file: string, options: Options): Promise<number> {
  const script = readScenario(file)
  const seed = options.seed ?? script.seed ?? 1
  return options.json ? asJson(script, seed) : asStory(script, seed)
}

type Script = ReturnType<typeof readScenario>

async function asJson(script: Script, seed: number): Promise<number> {
  const { simulation, failures } = await play(script, { seed })
  const document = { name: script.name, seed, failures, ...(await report(simulation)) }
  // Written whole before the process may end: a pipe takes less than this at a time.
  await new Promise((done) => process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, done))
  for (const failure of failures) console.error(line(failure))
  return failures.length > 0 ? 1 : 0
}

async function asStory(script: Script, seed: number): Promise<number> {
  const began = performance.now()
  console.log(`${visible(script.name)}\n`)
  const { simulation, failures } = await play(script, { seed }, (opened) => {
    new Story(opened, printer(script.start))
  })
  const hours = (simulation.world.now - script.start.getTime()) / 3_600_000
  const seconds = (performance.now() - began) / 1000
  console.log(`\n${hours.toFixed(1)} simulated hours in ${seconds.toFixed(1)} s, seed ${seed}`)
  for (const failure of failures) console.error(line(failure))
  const expected = script.steps.filter(({ expect, request }) => expect ?? request).length
  if (failures.length === 0)
    console.log(expected === 1 ? 'What was expected holds.' : `All ${expected} expectations hold.`)
  return failures.length > 0 ? 1 : 0
}

const line = ({ where, problem }: Unmet): string => visible(`${where} ${problem}`)
