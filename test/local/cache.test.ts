import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { digests } from '../../local/files.ts'
import { Cache } from '../../local/simulation/cache.ts'
import { bundlesOf, sharedCode, templatesOf } from '../../local/simulation/synth.ts'
import { catalogWith } from '../kits/catalog.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

let directory: string
beforeEach(() => {
  directory = temporaryDirectory()
})

const fill = (text: string) => async (folder: string) =>
  writeFileSync(join(folder, 'text.txt'), text)
const text = (folder: string) => readFileSync(join(folder, 'text.txt'), 'utf8')

describe('a cache of folders', () => {
  it('makes each once', async () => {
    const cache = new Cache(directory, { kept: 2 })
    expect(text(await cache.get('a', fill('first')))).toBe('first')
    expect(text(await cache.get('a', fill('second')))).toBe('first')
    expect(text(await new Cache(directory, { kept: 2 }).get('a', fill('third')))).toBe('first')
    expect(text(await cache.get('b', fill('other')))).toBe('other')
  })

  it('keeps nothing of what was changed while it was made', async () => {
    const cache = new Cache(directory, { kept: 2 })
    const making = cache.get('a', fill('half of each'), () => false)
    await expect(making).rejects.toThrow(
      'Files that it is made from were changed while it was made: run it again.',
    )
    expect(readdirSync(directory)).toEqual([])
    expect(text(await cache.get('a', fill('whole')))).toBe('whole')
  })

  it('gives two processes the same, though both make it', async () => {
    const both = ['one', 'two'].map((name) =>
      new Cache(directory, { kept: 2 }).get('a', fill(name)),
    )
    const [one, two] = await Promise.all(both)
    expect(one).toBe(two)
    expect(text(one ?? '')).toMatch(/^(one|two)$/)
    expect(readdirSync(directory)).toEqual(['a'])
  })

  it('makes once what one process asks for twice at the same time', async () => {
    const cache = new Cache(directory, { kept: 2 })
    let made = 0
    const count = async () => {
      made += 1
    }
    await Promise.all([cache.get('a', count), cache.get('a', count)])
    expect(made).toBe(1)
  })

  it('leaves nothing of what could not be made', async () => {
    const cache = new Cache(directory, { kept: 2 })
    const fails = async (folder: string) => {
      writeFileSync(join(folder, 'text.txt'), 'half')
      throw new Error('no such catalog')
    }
    await expect(cache.get('a', fails)).rejects.toThrow('no such catalog')
    expect(readdirSync(directory)).toEqual([])
    expect(text(await cache.get('a', fill('whole')))).toBe('whole')
  })

  it('forgets what nobody has used for an hour, but those used last', async () => {
    const cache = new Cache(directory, { kept: 2 })
    for (const key of ['a', 'b', 'c', 'd']) await cache.get(key, fill(key))
    expect(readdirSync(directory)).toHaveLength(4)
    const old = (name: string, hours: number) => {
      const path = join(directory, name)
      const then = new Date(statSync(path).mtimeMs - hours * 3_600_000)
      utimesSync(path, then, then)
    }
    old('a', 4)
    old('b', 3)
    old('c', 2)
    await cache.get('e', fill('e'))
    expect(readdirSync(directory)).toEqual(['d', 'e'])
  })
})

describe('a file in short', () => {
  it('is another when the file has been written', () => {
    const file = join(directory, 'file.txt')
    writeFileSync(file, 'one')
    const before = digests.get(file)
    expect(digests.get(file)).toEqual(before)
    writeFileSync(file, 'three')
    expect(digests.get(file)).not.toEqual(before)
  })
})

describe('the templates of a catalog', () => {
  it('are those of a copy, and others when a service is', async () => {
    const own = await templatesOf()
    expect(await templatesOf(catalogWith({}))).toBe(own)
    const other = await templatesOf(catalogWith({ 'services/reports.yaml': 'team: ordering\n' }))
    expect(other).not.toBe(own)
    expect(existsSync(join(other, 'DevService-reports.template.json'))).toBe(true)
  })
})

describe('the code that functions share', () => {
  it('is there for each function of the present sources, and for no other', async () => {
    const bundles = await bundlesOf()
    const names = readdirSync(bundles).filter((name) => existsSync(entryOf(bundles, name)))
    expect(names).toContain('sweep')
    for (const name of names) {
      const entry = sharedCode(digests.get(entryOf(bundles, name)).toString('base64')) ?? ''
      expect(entry).toBe(entryOf(join(bundles, '..', 'shared'), name))
      // What others need too is not in it.
      expect(statSync(entry).size).toBeLessThan(statSync(entryOf(bundles, name)).size / 2)
    }
    expect(sharedCode('of another')).toBeUndefined()
  })

  const entryOf = (folder: string, name: string) => join(folder, name, 'index.mjs')
})
