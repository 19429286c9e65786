import { join } from 'node:path'
import { Entrances } from '../entrances.ts'
import type { Ground } from '../ground.ts'
import type { Imported } from '../imported.ts'
import { Report } from '../report.ts'
import { shareSecrets } from '../secrets.ts'
import { readRows } from '../table.ts'
import { childOf, itemsOf, textOf } from '../tree.ts'
import { type Fact, factsOf } from './facts.ts'
import type { Scope } from './ground.ts'
import { settleCheck } from './health.ts'
import { SERVICE_ROWS } from './keys.ts'
import { loadProject, type Read } from './load.ts'
import { leaveRest, readOnce, readProxy, readStore, readTop } from './others.ts'
import { type App, type Plan, planOf } from './plan.ts'
import { giveNeeds, giveRoutes, kindOf } from './reach.ts'
import { callsOf } from './values.ts'

export type ComposeInput = {
  /** Compose files, the later over the earlier. */
  paths: readonly string[]
  profiles: readonly string[]
  read: Read
}

/**
 * A Compose project as files of a catalog.
 *
 * @throws Problem for a file that cannot be read as one of Compose.
 */
export function importCompose({ paths, profiles, read }: ComposeInput, ground: Ground): Imported {
  const report = new Report()
  const project = loadProject(paths, read, report)
  const facts = factsOf(project, profiles, read, report)
  const plan = planOf(facts, (fact) => filesOf(fact, project.folder, read), report)
  const apps = [...plan.apps.values()]
  const names = apps.map(({ draft }) => draft.name)
  giveRoutes(plan, new Entrances(ground.standing.filter(({ name }) => !names.includes(name))))
  for (const app of apps) readApp(app, plan, ground, report)
  for (const fact of facts.all.values()) {
    const users = apps.filter((app) => usedStores(app, plan).includes(fact))
    readStore(fact, users, report)
    if (plan.proxies.has(fact.name)) readProxy(fact, plan.proxies.get(fact.name), report)
    if (plan.once.has(fact.name)) readOnce(fact, plan.once.get(fact.name), report)
  }
  readTop(project.top, plan, report)
  shareSecrets(apps.map(({ draft }) => draft))
  leaveRest([...project.sources, ...facts.sources], report)
  return { services: apps.map(({ draft }) => draft), environment: {}, report }
}

/** What a service is given of files of one's own machine. */
const filesOf = ({ tree }: Fact, folder: string, read: Read): string[] =>
  itemsOf(childOf(tree, 'volumes')).flatMap((one) => {
    const source = textOf(childOf(one, 'source')) ?? (textOf(one) ?? '').split(':')[0] ?? ''
    return /^\.{0,2}\//.test(source) ? (read(join(folder, source)) ?? []) : []
  })

const usedStores = ({ fact }: App, plan: Plan) => {
  const { database, cache, bucket } = callsOf(fact, plan)
  return [database, cache, bucket].flatMap((store) => store?.fact ?? [])
}

function readApp(app: App, plan: Plan, ground: Ground, report: Report): void {
  const { draft, fact, port, repository } = app
  const calls = callsOf(fact, plan)
  const scope: Scope = { app, plan, calls, ground, report }
  draft.is.team = ground.team
  const kind = kindOf(app, calls.database !== undefined)
  if (kind !== 'api') draft.is.kind = kind
  // Compose builds for the machine it runs on; the images that people share are mostly for x86.
  draft.is.platform = 'x86_64'
  if (port !== undefined) draft.is.port = port
  if (repository !== draft.name) draft.is.repository = `${ground.repositoryPrefix}${repository}`
  giveNeeds(scope)
  readRows(SERVICE_ROWS, fact.tree, scope, report)
  settleCheck(scope)
}
