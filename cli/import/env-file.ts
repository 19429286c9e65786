import { filled } from './compose/interpolate.ts'
import type { Tree } from './tree.ts'

/** The variables of a `.env` file, each with its line; values may use those before them. */
export function readVariables(text: string, file: string, known: Readonly<Record<string, string>>) {
  const values: Record<string, string> = { ...known }
  const trees: [string, Tree][] = []
  text.split(/\r?\n/).forEach((line, index) => {
    const [, name, written = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s?(.*)$/.exec(line) ?? []
    if (name === undefined || line.trimStart().startsWith('#')) return
    const quoted = /^\s*(['"])(.*)\1\s*(#.*)?$/.exec(written)
    const plain = quoted?.[2] ?? written.replace(/(^|\s)#.*$/, '').trim()
    const value = quoted?.[1] === "'" ? plain : filled(plain, values).text
    values[name] = value
    trees.push([name, { place: { file, line: index + 1, path: [name] }, content: value }])
  })
  return { values, trees: new Map(trees) }
}
