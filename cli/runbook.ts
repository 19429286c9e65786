import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOME } from '../local/own-files.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

const PAGES = join(HOME, 'docs', 'runbooks')

/**
 * Prints the page that says what to do about an alarm; without a name, which pages there are.
 *
 * @param name an alarm's (`dev-orders-unhealthy`), or a page's as alarms give it
 *   (`docs/runbooks/service-unhealthy.md`).
 * @throws UsageError for a name that no page is about.
 */
export async function runbook(name: string | undefined, terminal: Terminal): Promise<number> {
  const pages = readdirSync(PAGES)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.replace(/\.md$/, ''))
    .toSorted()
  if (name === undefined) {
    terminal.out(pages.join('\n'))
    return 0
  }
  const page = pageAbout(name, pages)
  if (page === undefined) {
    throw new UsageError(`name: found ${JSON.stringify(name)}, allowed: ${pages.join(', ')}`)
  }
  terminal.out(readFileSync(join(PAGES, `${page}.md`), 'utf8').trimEnd())
  return 0
}

/** Alarms are called after their page, behind the environment; those of services, behind these. */
function pageAbout(name: string, pages: readonly string[]): string | undefined {
  const wanted = `-${name.replace(/^(.*\/)?/, '').replace(/\.md$/, '')}`
  const ends = (page: string) =>
    wanted.endsWith(`-${page}`) || wanted.endsWith(page.replace(/^service-/, '-'))
  return pages.filter(ends).toSorted((a, b) => b.length - a.length)[0]
}
