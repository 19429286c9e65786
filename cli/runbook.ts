import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/read.ts'
import { HOME } from '../local/own-files.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

const PAGES = join(HOME, 'docs', 'runbooks')

/**
 * Prints the page that says what to do about an alarm, with the names of what it is about; without a
 * name, which pages there are.
 *
 * @param name an alarm's (`dev-orders-unhealthy`), or a page's as alarms give it
 *   (`docs/runbooks/service-unhealthy.md`).
 * @throws UsageError for a name that no page is about.
 */
export async function runbook(
  name: string | undefined,
  { catalog, json }: { catalog: string; json?: boolean | undefined },
  terminal: Terminal,
): Promise<number> {
  const pages = readdirSync(PAGES)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.replace(/\.md$/, ''))
    .toSorted()
  if (name === undefined) {
    terminal.out(json ? JSON.stringify({ pages }, undefined, 2) : pages.join('\n'))
    return 0
  }
  const page = pageAbout(name, pages)
  if (page === undefined) {
    throw new UsageError(`name: found ${JSON.stringify(name)}, allowed: ${pages.join(', ')}`)
  }
  const text = filled(
    readFileSync(join(PAGES, `${page}.md`), 'utf8').trimEnd(),
    name,
    known(catalog),
  )
  terminal.out(json ? JSON.stringify({ page, text }, undefined, 2) : text)
  return 0
}

type Names = {
  environment: { name: string }
  services: readonly { name: string; cluster: string }[]
}

/** What a catalog names; a page is read just when things are broken, so without one too. */
function known(catalog: string): Names | undefined {
  try {
    return readCatalog(catalog)
  } catch {
    return undefined
  }
}

/**
 * A page with the names of the environment and of the service that an alarm is about, so that its
 * commands can be run as they are printed. What the alarm does not say stays as it is.
 */
export function filled(page: string, alarm: string, names: Names | undefined): string {
  if (names === undefined) return page
  const { environment, services } = names
  const about = services
    .filter((one) => alarm.startsWith(`${environment.name}-${one.name}-`))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
  const said: Record<string, string | undefined> = {
    ...{ environment: environment.name, service: about?.name, job: about?.name },
    cluster: about?.cluster,
  }
  return page.replaceAll(/<([a-z]+)>/g, (whole, word: string) =>
    Object.hasOwn(said, word) ? (said[word] ?? whole) : whole,
  )
}

/** Alarms are called after their page, behind the environment; those of services, behind these. */
function pageAbout(name: string, pages: readonly string[]): string | undefined {
  const wanted = `-${name.replace(/^(.*\/)?/, '').replace(/\.md$/, '')}`
  const ends = (page: string) =>
    wanted.endsWith(`-${page}`) || wanted.endsWith(page.replace(/^service-/, '-'))
  return pages.filter(ends).toSorted((a, b) => b.length - a.length)[0]
}
