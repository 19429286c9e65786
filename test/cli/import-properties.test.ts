import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { readCatalog } from '../../catalog/read.ts'
import { SERVICE_ROWS } from '../../cli/import/compose/keys.ts'
import { MANIFEST_ROWS } from '../../cli/import/copilot/keys.ts'
import { SCORE_ROWS } from '../../cli/import/score/keys.ts'
import { unaccounted } from '../kits/import-account.ts'
import { type Format, folderWith, imported, inputsOf } from '../kits/imports.ts'

/** Any subset of a format's keys, with values as people write them and with others. */

const OTHERS: readonly unknown[] = [
  'x',
  1,
  true,
  null,
  '',
  [],
  {},
  ['a'],
  { a: 'b' },
  -5,
  'a: b {c}',
]

type Values = Record<string, unknown>

/** Every value that the inputs of a format have for each key of a part of them. */
function pool(format: Format, partsIn: (document: Values) => Values[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const { files } of inputsOf(format)) {
    for (const [path, text] of Object.entries(files)) {
      if (!/(compose|stack|manifest|score|[ab])[\w.]*\.ya?ml$/.test(path)) continue
      const document = parse(text, { merge: true, logLevel: 'silent' }) as Values
      for (const part of partsIn(document)) {
        for (const [key, value] of Object.entries(part)) {
          found.set(key, [...(found.get(key) ?? []), value])
        }
      }
    }
  }
  return found
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const valuesOf = (value: unknown): Values[] =>
  Object.values(isValues(value) ? value : {}).filter(isValues)

/** A part with some of the keys of a table. */
function somePart(rows: readonly { key: string }[], seen: Map<string, unknown[]>, below = '') {
  const keys = rows.flatMap(({ key }) =>
    key.startsWith(below) ? (key.slice(below.length).split('.')[0] ?? []) : [],
  )
  const entries = [...new Set(keys)].map((key) => {
    const values = [...(seen.get(key) ?? []), ...OTHERS]
    return [key, fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })] as const
  })
  return fc.record(Object.fromEntries(entries)).map((part) => {
    const kept = Object.entries(part).filter(([, value]) => value !== undefined)
    return Object.fromEntries(kept) as Values
  })
}

/** What an import makes of files, by what the catalog and the account of the keys say. */
function holds(format: Format, files: Record<string, string>): void {
  const folder = folderWith(files)
  const printed = imported(format, folder, Object.keys(files))
  if (printed.outcome === 'refused') {
    expect(printed.files).toEqual([])
    expect(printed.catalogs.every(({ leftOut }) => leftOut.length > 0)).toBe(true)
  } else {
    for (const { catalog } of printed.catalogs) readCatalog(join(folder, catalog))
  }
  expect(unaccounted(format, files, printed)).toEqual([])
}

const RUNS = { numRuns: 40 }

describe('any subset of the keys gives a catalog that can be used, and each key is accounted for', () => {
  test('of a Compose service', () => {
    const seen = pool('compose', ({ services }) => valuesOf(services))
    const written = somePart(SERVICE_ROWS, seen).map((service) => ({
      api: { build: '.', ...service, extends: undefined },
      db: { image: 'postgres:16' },
      redis: { image: 'redis' },
    }))
    fc.assert(
      fc.property(written, (services) => {
        holds('compose', { 'compose.yaml': stringify({ services }) })
      }),
      RUNS,
    )
  })

  test('of a workload of Copilot', () => {
    const seen = pool('copilot', (document) => [document])
    const types = [
      'Load Balanced Web Service',
      'Backend Service',
      'Worker Service',
      'Scheduled Job',
      'Request-Driven Web Service',
    ]
    const written = fc.tuple(somePart(MANIFEST_ROWS, seen), fc.constantFrom(...types))
    fc.assert(
      fc.property(written, ([manifest, type]) => {
        const text = stringify({ ...manifest, name: 'api', type, environments: undefined })
        holds('copilot', { 'copilot/api/manifest.yml': text })
      }),
      RUNS,
    )
  })

  test('of a container of Score', () => {
    const seen = pool('score', ({ containers }) => valuesOf(containers))
    const resources = pool('score', (document) => [
      isValues(document.resources) ? document.resources : {},
    ])
    const written = fc.tuple(
      somePart(SCORE_ROWS, seen, 'containers.*.'),
      fc.dictionary(
        fc.constantFrom('db', 'cache', 'data', 'route'),
        fc.constantFrom(...[...resources.values()].flat()),
      ),
    )
    fc.assert(
      fc.property(written, ([container, named]) => {
        const document = {
          ...{ apiVersion: 'score.dev/v1b1', metadata: { name: 'api' } },
          ...{ containers: { app: container }, resources: named },
          service: { ports: { web: { port: 8080 } } },
        }
        holds('score', { 'score.yaml': stringify(document) })
      }),
      RUNS,
    )
  })
})

describe('two inputs that differ in one key', () => {
  it('differ in the catalog or in what is told', () => {
    const seen = pool('compose', ({ services }) => valuesOf(services))
    for (const [key, [value]] of seen) {
      if (['extends', 'x-note', 'profiles'].includes(key)) continue
      const text = (service: Values) => stringify({ services: { api: { build: '.', ...service } } })
      const files = { 'compose.yaml': text({ [key]: value }) }
      const { catalogs } = imported('compose', folderWith(files), Object.keys(files))
      const told = catalogs.flatMap(({ translated, leftOut }) => [...translated, ...leftOut])
      expect(
        told.some((one) => one.key.startsWith(`services.api.${key}`)),
        key,
      ).toBe(true)
    }
  })
})
