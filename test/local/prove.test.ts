import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { CATALOGS, type CatalogName, writeCatalog } from '../../local/prove/catalogs.ts'
import { catalogOfSeed, generate } from '../../local/prove/generate.ts'
import type { Event, History } from '../../local/prove/history.ts'
import { prove } from '../../local/prove/run.ts'
import { fileOf, scriptOf } from '../../local/prove/script.ts'
import { shrink } from '../../local/prove/shrink.ts'
import { play } from '../../local/scenario/play.ts'
import { readScenario } from '../../local/scenario/read.ts'
import { catalogOf } from '../../local/simulation/catalogs.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

let folder: string
beforeAll(() => {
  folder = temporaryDirectory()
  for (const name of Object.keys(CATALOGS) as CatalogName[]) writeCatalog(name, folder)
})

const directoryOf = (seed: number): string => join(folder, catalogOfSeed(seed))
const historyOf = (seed: number): History => generate(seed, catalogOf(directoryOf(seed)))

/** The first so many seeds of these catalogs whose histories are no longer than a day and its end. */
function short(count: number, ...names: CatalogName[]): number[] {
  const found: number[] = []
  for (let seed = 1; found.length < count; seed++) {
    if (!names.includes(catalogOfSeed(seed))) continue
    const { start, end } = historyOf(seed)
    if (end - start < 16 * 60 * 60_000) found.push(seed)
  }
  return found
}

describe('histories that chance makes up', () => {
  it('are scenarios, the same for the same seed, and none is like another', () => {
    const texts = Array.from({ length: 60 }, (_, seed) => {
      const history = historyOf(seed)
      expect(scriptOf(history, directoryOf(seed)).steps.length).toBeGreaterThan(5)
      expect(historyOf(seed)).toEqual(history)
      return JSON.stringify(history)
    })
    expect(new Set(texts).size).toBe(60)
  })

  it('have everything that may happen in them', () => {
    const kinds = Array.from({ length: 60 }, (_, seed) => historyOf(seed).events).flatMap(
      (events) => events.flatMap((event) => Object.keys(event)),
    )
    const all = ['push', 'goBack', 'ask', 'slack', 'call', 'tool', 'create', 'spend', 'request']
    expect([...new Set(kinds)].toSorted()).toEqual(
      ['at', ...all, 'down', 'faults', 'off'].toSorted(),
    )
  })
})

/** Building and synthesizing takes its time on a busy machine. */
const LONG = { timeout: 900_000 }

describe('what must always hold', () => {
  /** `CARETAKER_PROVE=1-2000` plays those seeds; without it, as many as a run of all tests has time for. */
  const asked = process.env.CARETAKER_PROVE?.split('-').map(Number)

  it('holds in every history', LONG, async () => {
    const [from = 0, to = 0] = asked ?? []
    const seeds =
      asked === undefined
        ? short(3, 'one', 'nappers')
        : Array.from({ length: to - from + 1 }, (_, place) => from + place)
    for (const seed of seeds) {
      const { violations } = await prove(historyOf(seed), directoryOf(seed))
      expect(violations, `seed ${seed}`).toEqual([])
    }
  })

  it(
    'is looked at in the same run for the same seed: everything comes out the same, byte for byte',
    LONG,
    async () => {
      const [seed = 1] = short(1, 'nappers')
      const [once, again] = [
        await prove(historyOf(seed), directoryOf(seed)),
        await prove(historyOf(seed), directoryOf(seed)),
      ]
      expect(again).toEqual(once)
      expect(once.hash).toMatch(/^[0-9a-f]{16}$/)
    },
  )
})

describe('a history that violates something', () => {
  const at = (minute: number) => Date.parse('2026-03-02T09:00:00Z') + minute * 60_000
  const push = (minute: number, as: string): Event => ({
    at: at(minute),
    push: { repository: 'orders', tag: 'main', as },
  })
  const told: History = {
    ...{ seed: 3, catalog: 'one', start: at(0), healed: at(90), end: at(390), quietFor: 0 },
    events: Array.from({ length: 20 }, (_, minute) => push(minute, `p${minute}`)),
  }

  it('is shortened to the events that it takes', async () => {
    const needs = ['p3', 'p11']
    let played = 0
    const still = async ({ events }: History) => {
      played++
      return needs.every((name) => events.some((event) => event.push?.as === name))
    }
    const { events, healed, end } = await shrink(told, still, { tries: 200 })
    expect(events.map((event) => event.push?.as)).toEqual(needs)
    expect([healed, end]).toEqual([at(12), at(312)])
    expect(played).toBeLessThan(60)
  })

  it('loses what is about an image that is not pushed in it any more', async () => {
    const events = [
      ...told.events,
      { at: at(30), push: { repository: 'orders', tag: 'main', retag: 'p5' } },
    ]
    const still = async (shorter: History) =>
      shorter.events.some((event) => event.push?.as === 'p6')
    const shortest = await shrink({ ...told, events }, still, { tries: 200 })
    expect(shortest.events).toEqual([push(6, 'p6')])
  })

  test('no more histories are played for that than are asked for', async () => {
    let played = 0
    await shrink(told, async () => ++played < 0, { tries: 3 })
    expect(played).toBe(3)
  })

  it(
    'is a file that simulate plays, which fails as long as something does not hold',
    LONG,
    async () => {
      const catalog = writeCatalog('one', folder)
      const file = join(temporaryDirectory(), 'scenario.yaml')
      const events = [push(0, 'p1'), { at: at(30), call: UPDATE }]
      const history = { ...told, events, healed: at(31), end: at(60) }
      writeFileSync(file, fileOf(history, catalog, ['1. A sentence.', '- where']))
      expect(readFileSync(file, 'utf8')).toMatch(/^# 1\. A sentence\.\n# - where\nname: /)
      const script = readScenario(file)
      const { failures, simulation } = await play(script, { seed: 3 })
      expect(failures).toEqual([])
      expect(simulation.world.now).toBe(at(60))
      // Caretaker is not there to see that the tag has moved on.
      const blind = { ...history, events: [push(0, 'p1'), off(20), push(25, 'p2'), off(50)] }
      writeFileSync(file, fileOf(blind, catalog, []))
      const { failures: found } = await play(readScenario(file), { seed: 3 })
      expect(found.map(({ problem }) => problem).join('\n')).toContain('1. Once pushes stop')
    },
  )

  const off = (minute: number): Event => ({ at: at(minute), off: { for: '1h' } })
})

/** What somebody does by hand. */
const UPDATE = {
  ...{ service: 'ecs', operation: 'UpdateService', by: 'ana' },
  input: { cluster: 'dev-backend', service: 'orders', forceNewDeployment: true },
}
