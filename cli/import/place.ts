import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, parseDocument } from 'yaml'
import { readCatalog } from '../../catalog/read.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { newFiles } from '../init/files.ts'
import { type Asked, wrongWith } from '../init/questions.ts'
import { defaultsFrom, NOBODY, schemas } from '../init.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'
import type { Ground } from './ground.ts'

export type PlaceOptions = {
  to?: string | undefined
  name?: string | undefined
  region?: string | undefined
  email?: string | undefined
  team?: string | undefined
}

/** The catalog that an import writes to: one that stands, or a new one. */
export type Target = {
  /** As typed. */
  directory: string
  standing: Catalog | undefined
  /** The address in a new environment.yaml that somebody has to replace. */
  ground: Ground
}

/** Where files go: the catalog that is there, or a new one with a team `platform`. */
export function targetOf(directory: string, options: PlaceOptions, folder: string): Target {
  for (const asked of ['name', 'region', 'email'] as const satisfies readonly Asked[]) {
    const given = options[asked]
    const wrong = given === undefined ? undefined : wrongWith(asked, given)
    if (wrong !== undefined) throw new UsageError(`--${asked}: ${wrong}`)
  }
  const path = join(folder, directory)
  const isThere = existsSync(path) && readdirSync(path).length > 0
  if (isThere && !existsSync(join(path, 'environment.yaml'))) {
    throw new Problem(
      `${directory} has files, but no environment.yaml: found no catalog, allowed: a catalog or a new folder; name another with --to`,
    )
  }
  const standing = isThere ? readCatalog(path) : undefined
  const teams = Object.keys(standing?.environment.teams ?? { platform: true })
  const team = options.team ?? standing?.environment.owner ?? 'platform'
  if (!teams.includes(team)) {
    throw new UsageError(
      `--team: found ${JSON.stringify(team)}, allowed: ${teams.join(', ')}${standing === undefined ? ', the team of a new catalog' : ''}`,
    )
  }
  const { namespace, repositoryPrefix, timeZone, domain } = standing?.environment ?? {
    ...{ namespace: 'dev.internal', repositoryPrefix: '', timeZone: 'UTC', domain: undefined },
  }
  const ground = { namespace, repositoryPrefix, timeZone, domain, team }
  return { directory, standing, ground: { ...ground, standing: standing?.services ?? [] } }
}

/**
 * The text of a new environment.yaml, with what the input says of it.
 *
 * @returns undefined beside one that stands.
 */
export function environmentText(
  { directory, standing }: Target,
  fields: Readonly<Record<string, unknown>>,
  options: PlaceOptions,
  { env }: Pick<Terminal, 'env'>,
  folder: string,
): string | undefined {
  if (standing !== undefined) return undefined
  const usual = defaultsFrom({ env })
  const answers = {
    name: options.name ?? (typeof fields.name === 'string' ? fields.name : usual.name),
    region: options.region ?? usual.region,
    email: options.email ?? usual.email ?? NOBODY,
    service: 'none',
  }
  const around = { timeZone: 'UTC', schemas: schemas(folder, directory) }
  const text = newFiles(answers, around)['catalog/environment.yaml'] ?? ''
  const document = parseDocument(text)
  for (const [key, value] of Object.entries(fields)) {
    if (key !== 'name' && isMap(document.contents)) document.set(key, value)
  }
  return document.toString({ lineWidth: 0 })
}
