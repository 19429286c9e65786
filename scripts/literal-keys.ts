import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

const SCHEMAS = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/

/**
 * An SDK client's schemas name their members by constants, `{ [_xN]: "…" }`. For esbuild a computed
 * key may have side effects, so that it keeps every schema of the service; with the keys written
 * out it keeps those of the commands that are used: of EC2's 555 kB, some 25.
 */
export const literalKeys: Plugin = {
  name: 'literal-keys',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, ({ path }) => ({
      contents: withLiteralKeys(readFileSync(path, 'utf8')),
      loader: 'js',
    }))
  },
}

/** The text of a module with each computed key written out whose constant is a text of its own. */
export function withLiteralKeys(text: string): string {
  const constants = new Map(
    [...text.matchAll(/^const (_\w+) = ("[^"\n]*");$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
  return text.replaceAll(/\[(_\w+)\]:/g, (key, name) => {
    const value = constants.get(name)
    return value === undefined ? key : `${value}:`
  })
}
