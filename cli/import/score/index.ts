import { isNameFree } from '../../../catalog/value-checks.ts'
import { Problem } from '../../problem.ts'
import { Draft } from '../draft.ts'
import { Entrances } from '../entrances.ts'
import type { Ground } from '../ground.ts'
import type { Imported } from '../imported.ts'
import { Report } from '../report.ts'
import { pathPatterns } from '../routes.ts'
import { shareSecrets } from '../secrets.ts'
import { keysOf, leaveUnread, readRows } from '../table.ts'
import { childOf, entriesOf, numberOf, readTree, type Tree, textOf } from '../tree.ts'
import { serviceNames } from '../words.ts'
import { SCORE_ROWS } from './keys.ts'
import { giveResources, typeOf } from './resources.ts'
import type { Workload } from './scope.ts'

export type ScoreInput = { files: readonly { path: string; text: string }[] }

/**
 * Score files, a workload each, as files of a catalog.
 *
 * @throws Problem for a file that is no Score file.
 */
export function importScore({ files }: ScoreInput, ground: Ground): Imported {
  const report = new Report()
  const trees = files.map(({ path, text }) => checked(readTree(text, path)))
  const written = trees.map((tree) => textOf(childOf(tree, 'metadata', 'name')) ?? '')
  const names = serviceNames(written, isNameFree)
  const all = trees.map((tree, index) => {
    const name = written[index] ?? ''
    return workloadOf(tree, name, new Draft(names.get(name) ?? name, tree.place, report))
  })
  const drafts = all.map(({ draft }) => draft)
  const made = drafts.map(({ name }) => name)
  const entrances = new Entrances(ground.standing.filter(({ name }) => !made.includes(name)))
  for (const workload of all) begin(workload, entrances, ground)
  for (const workload of all) {
    readRows(SCORE_ROWS, workload.tree, { workload, all, ground, report }, report)
  }
  shareSecrets(drafts)
  for (const { tree } of all) leaveUnread(tree, keysOf(SCORE_ROWS), 'Score v1b1', report)
  return { services: drafts, environment: {}, report }
}

function checked(tree: Tree): Tree {
  const { file, line } = tree.place
  const version = textOf(childOf(tree, 'apiVersion'))
  if (version !== 'score.dev/v1b1') {
    throw new Problem(
      `${file}:${childOf(tree, 'apiVersion')?.place.line ?? line} apiVersion: found ${JSON.stringify(version) ?? 'nothing'}, allowed: score.dev/v1b1; nothing was written`,
    )
  }
  for (const path of [['metadata', 'name'], ['containers']]) {
    const found = childOf(tree, ...path)
    if (found !== undefined && found.content !== null) continue
    throw new Problem(
      `${file}:${line} ${path.join('.')}: found nothing, allowed: a Score file with it; add it. Nothing was written`,
    )
  }
  return tree
}

function workloadOf(tree: Tree, name: string, draft: Draft): Workload {
  const containers = entriesOf(childOf(tree, 'containers')).toSorted(([a], [b]) =>
    a.localeCompare(b),
  )
  // As score-compose: the first that nobody waits for.
  const own = containers.find(([, one]) => childOf(one, 'before') === undefined) ?? containers[0]
  const portTree = servedPort(tree)
  const port = numberOf(childOf(portTree, 'targetPort')) ?? numberOf(childOf(portTree, 'port'))
  return { ...{ name, tree, draft, portTree, port }, main: own?.[0] ?? '' }
}

const routeOf = (tree: Tree): Tree | undefined =>
  entriesOf(childOf(tree, 'resources')).find(([, one]) => typeOf(one) === 'route')?.[1]

/** The port to which the route leads, else the first of TCP. */
function servedPort(tree: Tree): Tree | undefined {
  const ports = entriesOf(childOf(tree, 'service', 'ports'))
  const tcp = ports.filter(([, one]) => textOf(childOf(one, 'protocol'))?.toUpperCase() !== 'UDP')
  const wanted = textOf(childOf(routeOf(tree), 'params', 'port'))
  const named = tcp.find(
    ([name, one]) => name === wanted || textOf(childOf(one, 'port')) === wanted,
  )
  return (named ?? tcp[0])?.[1]
}

/** What holds whatever order the keys are read in. */
function begin(workload: Workload, entrances: Entrances, ground: Ground): void {
  const { draft, tree, port } = workload
  draft.is.team = ground.team
  draft.is.platform = 'x86_64'
  giveResources(workload)
  const route = routeOf(tree)
  if (port === undefined) draft.is.kind = 'worker'
  else if (route !== undefined) {
    const path = textOf(childOf(route, 'params', 'path')) ?? '/'
    draft.is.route = entrances.route(draft.name, pathPatterns(path))
    if (draft.is.database === undefined) draft.is.kind = 'web'
  }
}
