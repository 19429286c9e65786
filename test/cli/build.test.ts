import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundlesOf, sizesOf } from '../../local/simulation/synth.ts'
import { buildFunctions } from '../../scripts/build.ts'
import { sizeTable } from '../../scripts/sizes.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

function fixture(functions: Record<string, string>): string {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'functions'))
  for (const [name, source] of Object.entries(functions)) {
    mkdirSync(join(directory, 'functions', name), { recursive: true })
    writeFileSync(join(directory, 'functions', name, 'index.ts'), source)
  }
  // A file beside the folders, as `functions/shared/handler.ts` is.
  writeFileSync(join(directory, 'functions', 'shared.ts'), 'export const shared = 41')
  return directory
}

const ONE = 'import { shared } from "../shared.ts"\nexport const handler = async () => shared + 1\n'

describe('the build', () => {
  it('makes a bundle of each folder, with map and metafile outside what is uploaded', async () => {
    const root = fixture({ 'count-things': ONE })
    const sizes = await buildFunctions({ functions: `${root}/functions`, outdir: `${root}/dist` })
    expect(Object.keys(sizes)).toEqual(['count-things'])
    expect(readdirSync(`${root}/dist`).toSorted()).toEqual([
      'count-things',
      'maps',
      'metafile.json',
    ])
    expect(readdirSync(`${root}/dist/count-things`)).toEqual(['index.mjs'])
    const { handler } = (await import(`${root}/dist/count-things/index.mjs`)) as {
      handler(): Promise<number>
    }
    expect(await handler()).toBe(42)
  })

  it('leaves nothing of a function that is gone', async () => {
    const root = fixture({ 'count-things': ONE })
    mkdirSync(`${root}/dist/old-function`, { recursive: true })
    await buildFunctions({ functions: `${root}/functions`, outdir: `${root}/dist` })
    expect(readdirSync(`${root}/dist`)).not.toContain('old-function')
  })

  it('gives the same bytes twice', async () => {
    const first = await bundlesOf()
    const second = temporaryDirectory()
    await buildFunctions({ outdir: second })
    const bytes = (build: string) => readFileSync(`${build}/plan-roll-out/index.mjs`, 'utf8')
    expect(bytes(first)).toBe(bytes(second))
  })

  it('refuses a bundle over the limit by name', async () => {
    const root = fixture({ 'count-things': ONE })
    const build = buildFunctions({
      functions: `${root}/functions`,
      outdir: `${root}/dist`,
      limit: 10,
    })
    await expect(build).rejects.toThrow(/^count-things has \d+ bytes; 10 are allowed/)
  })

  it('keeps every function under 800 kB, without the laptop’s credential chain', async () => {
    const sizes = Object.values(await sizesOf())
    expect(sizes.length).toBeGreaterThan(0)
    for (const bytes of sizes) expect(bytes).toBeLessThan(850_000)
    const metafile = readFileSync(`${await bundlesOf()}/metafile.json`, 'utf8')
    const { inputs } = JSON.parse(metafile) as {
      inputs: Record<string, unknown>
    }
    expect(
      Object.keys(inputs).filter((path) => /credential-provider-(sso|ini)/.test(path)),
    ).toEqual([])
  })

  it('prints a table of sizes', () => {
    expect(sizeTable({ a: 1500, 'long-name': 410_000 })).toBe(
      'a             1.5 kB\nlong-name   410.0 kB',
    )
  })
})
