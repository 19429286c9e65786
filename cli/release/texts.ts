import { gt, valid } from 'semver'
import { UsageError } from '../usage.ts'

const NEXT = '## Next\n'

/** Whether a version is one, and comes after the other. */
export const isNewer = (version: string, last: string): boolean =>
  valid(version) === version && gt(version, last)

/**
 * A changelog in which what stood below "Next" is a version's, with what it changes in templates.
 *
 * @param changes a line each, as `synth` shows them.
 * @throws UsageError where nothing stands there.
 */
export function withRelease(page: string, version: string, changes: readonly string[]): string {
  const [before, after] = page.split(NEXT)
  const text = after?.split(/^## /m)[0]?.trim() ?? ''
  if (before === undefined || after === undefined || text === '') {
    throw new UsageError(
      'CHANGELOG.md: found nothing below "## Next", allowed: what is new, a line each',
    )
  }
  const rest = after.slice(after.indexOf(text) + text.length).trimStart()
  const templates =
    changes.length === 0
      ? 'The templates of the same catalog are the same.'
      : `In the templates of the example catalog:\n\n\`\`\`text\n${changes.join('\n')}\n\`\`\``
  return `${before}${NEXT}\n## ${version}\n\n${text}\n\n${templates}\n\n${rest}`
}

/** A manifest, or a lockfile, of another version of this package. */
export function withVersion(text: string, version: string): string {
  const manifest = JSON.parse(text) as { version: string; packages?: Record<string, object> }
  const { packages } = manifest
  const own =
    packages === undefined ? {} : { packages: { ...packages, '': { ...packages[''], version } } }
  return `${JSON.stringify({ ...manifest, version, ...own }, undefined, 2)}\n`
}
