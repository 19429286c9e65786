import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SourceFile } from 'typescript/unstable/ast'
import { Random } from '../../local/aws/random.ts'
import { type Place, placesOf } from './places.ts'
import { RAN_FILE, type Ran, ranIn, SOURCES, testsOf } from './ran.ts'
import { Sources } from './sources.ts'
import { tried } from './trial.ts'

type Drawn = Place & { path: string }

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    /** Only below this folder. */
    below: { type: 'string', default: SOURCES },
    /** For the tests of one mutant; those that have no time are not run. */
    seconds: { type: 'string', default: '300' },
    list: { type: 'boolean', default: false },
  },
})

const sources = new Sources()
const ran = values.list ? [] : ranIn(RAN_FILE)
const directory = join('.cache', `mutant-${process.pid}`)
mkdirSync(directory, { recursive: true })
try {
  await play(Number(values.seed), Number(values.count))
} finally {
  sources.close()
  rmSync(directory, { recursive: true })
}

/** Draws, tries and tells of so many mutants. */
async function play(seed: number, count: number): Promise<void> {
  const random = new Random(seed)
  const paths = sources.below(values.below)
  const texts = new Map(paths.map((path) => [path, sources.file(path).text]))
  const users = usersOf(texts)
  const places = paths.flatMap((path) =>
    placesOf(sources.file(path)).map((place) => ({ ...place, path })),
  )
  const lived: string[] = []
  let done = 0
  while (done < count && places.length > 0) {
    const [place] = places.splice(Math.floor(random.next('mutant') * places.length), 1)
    if (place === undefined) break
    const using = users(place.path)
    const before = texts.get(place.path) ?? ''
    const text = `${before.slice(0, place.start)}${place.to}${before.slice(place.end)}`
    if (!sources.compiles(place.path, text, using)) continue
    done += 1
    const said = `${done} ${shown(place, before)}`
    if (values.list) {
      console.log(said)
      continue
    }
    const tests = inTime(testsOf(ran, place, using), Number(values.seconds))
    const begun = Date.now()
    const verdict = await tried({ path: place.path, text }, tests.some, {
      directory,
      seconds: Number(values.seconds) * 2 + 60,
    })
    const how = verdict.killed
      ? `killed by ${verdict.by}`
      : `LIVED in ${tests.some.length} of ${tests.of} test files that run it`
    console.log(`${said}\n   ${how} in ${Math.round((Date.now() - begun) / 1000)} s`)
    if (!verdict.killed) lived.push(said)
  }
  if (values.list) return
  console.log(`Seed ${seed}: ${done - lived.length} of ${done} killed. Lived:`)
  for (const one of lived) console.log(one)
}

/** As many of the first as have the time. */
function inTime(tests: readonly Ran[], seconds: number): { some: string[]; of: number } {
  let milliseconds = 0
  const some = tests.filter((test) => {
    milliseconds += test.milliseconds
    return milliseconds <= seconds * 1000
  })
  return { some: some.map(({ test }) => test), of: tests.length }
}

/** Which sources import a file. */
function usersOf(texts: ReadonlyMap<string, SourceFile['text']>): (path: string) => string[] {
  const imports = [...texts].flatMap(([user, text]) =>
    [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => ({
      user,
      path: join(user, '..', target),
    })),
  )
  return (path) => imports.filter((one) => one.path === path).map(({ user }) => user)
}

/** `local/aws/sqs/queue.ts:72 "-" becomes "+" in "const oldest = …"` */
function shown({ path, start, end, to }: Drawn, text: string): string {
  const line = text.slice(0, start).split('\n').length
  const short = (one: string) => JSON.stringify(one.replaceAll(/\s+/g, ' ').slice(0, 80))
  const around = text.split('\n')[line - 1]?.trim() ?? ''
  return `${path}:${line} ${short(text.slice(start, end))} becomes ${short(to)} in ${around.slice(0, 120)}`
}
