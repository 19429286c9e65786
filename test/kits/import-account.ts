import { leavesOf, readTree } from '../../cli/import/tree.ts'
import type { Format, Printed } from './imports.ts'

/**
 * The keys of an input that an import neither translates nor names as left out, in each of its
 * catalogs, each with its file.
 */
export function unaccounted(
  format: Format,
  files: Readonly<Record<string, string>>,
  { catalogs }: Printed,
): string[] {
  return catalogs.flatMap(({ catalog, translated, leftOut }) => {
    const told = [...translated, ...leftOut]
    const isTold = (file: string, key: string) =>
      told.some(
        (one) =>
          one.file === file && (one.key === key || one.key === '' || key.startsWith(`${one.key}.`)),
      )
    return Object.entries(files)
      .filter(([path]) => isRead(format, path, catalogs.length > 1 ? catalog : undefined))
      .flatMap(([path, text]) =>
        leavesOf(readTree(text, path))
          .map(({ place }) => place.path.join('.'))
          .filter((key) => !isTold(path, key))
          .map((key) => `${path} ${key} in ${catalog}`),
      )
  })
}

/** A catalog of one environment does not say what becomes of another environment's manifest. */
function isRead(format: Format, path: string, catalog: string | undefined): boolean {
  if (!/\.ya?ml$/.test(path) || path.includes('overrides/')) return false
  const environment = /environments\/([^/]+)\//.exec(path)?.[1]
  if (format !== 'copilot' || environment === undefined || catalog === undefined) return true
  return catalog.endsWith(`/${environment}`)
}
