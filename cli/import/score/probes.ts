import { lineOf } from '../health.ts'
import { giveSize } from '../sizes.ts'
import type { Row } from '../table.ts'
import { childOf, entriesOf, numberOf, type Tree, textOf } from '../tree.ts'
import { commandOf, cpuUnitsOf, mebibytesOf } from '../words.ts'
import type { Scope } from './scope.ts'

const isOwn = (tree: Tree, { workload }: Scope): boolean => tree.place.path[1] === workload.main

/** One path is asked: that of the readiness probe, which is read first. */
function path(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const asked = textOf(tree)
  if (!isOwn(tree, scope) || asked === undefined) return
  if (workload.port === undefined) {
    const because = 'nobody asks a worker over HTTP'
    report.leave(
      tree,
      because,
      `write healthCommand into ${draft.file}: wget -q -O /dev/null http://localhost:<port>${asked}`,
    )
  } else if (draft.is.healthPath === undefined || draft.is.healthPath === asked) {
    draft.put('healthPath', asked, tree)
  } else {
    const because = `one path is asked, ${draft.is.healthPath}`
    report.leave(tree, because, 'nothing, if that tells of both')
  }
}

function command(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const words = commandOf(tree)
  if (!isOwn(tree, scope) || words === undefined) return
  const line = lineOf(words)
  if (draft.is.healthCommand === undefined || draft.is.healthCommand === line) {
    draft.put('healthCommand', line, tree)
  } else {
    report.leave(
      tree,
      `one command is run, ${draft.is.healthCommand}`,
      'nothing, if it tells of both',
    )
  }
}

function port(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  if (!isOwn(tree, scope)) return
  if (numberOf(tree) === workload.port) report.to(tree, `${workload.draft.file} port`)
  else {
    const where = workload.port ?? 'none'
    report.leave(tree, `the port it is reached at is asked, ${where}`, 'answer at that port too')
  }
}

const scheme = (tree: Tree, scope: Scope): void => {
  if (textOf(tree)?.toUpperCase() === 'HTTP') scope.report.to(tree, 'it is asked over HTTP')
  else scope.report.leave(tree, 'it is asked over HTTP', 'answer at HTTP inside the VPC')
}

/** Every container has a share of the task: the sizes of all are one sum. */
function size(tree: Tree, { workload, report }: Scope): void {
  const { draft } = workload
  if (draft.is.cpu === undefined) {
    const asked = (key: string) =>
      entriesOf(childOf(workload.tree, 'containers')).flatMap(([, one]) => {
        const found =
          childOf(one, 'resources', 'limits', key) ?? childOf(one, 'resources', 'requests', key)
        return textOf(found) ?? []
      })
    const units = asked('cpu').map((text) => cpuUnitsOf(text) ?? 0)
    const mebibytes = asked('memory').map((text) => mebibytesOf(text) ?? 0)
    const sum = (all: number[]) => (all.length === 0 ? undefined : all.reduce((a, b) => a + b))
    giveSize(
      draft,
      { units: sum(units), tree: undefined },
      { mebibytes: sum(mebibytes), tree: undefined },
    )
  }
  if (draft.is.cpu === undefined) return
  for (const [key, one] of entriesOf(tree)) {
    if (key === 'cpu' || key === 'memory') report.to(one, `${draft.file} ${key}`)
  }
}

const PROBES = ['readinessProbe', 'livenessProbe']

/** Health and size of a container. */
export const PROBE_ROWS: readonly Row<Scope>[] = [
  ...PROBES.flatMap((probe): Row<Scope>[] => [
    { key: `containers.*.${probe}.httpGet.path`, to: 'healthPath', read: path },
    { key: `containers.*.${probe}.httpGet.port`, to: 'port', read: port },
    { key: `containers.*.${probe}.httpGet.scheme`, to: 'HTTP is asked', read: scheme },
    {
      key: `containers.*.${probe}.httpGet.host`,
      because: 'the task itself is asked, by its address',
      remedy: 'answer whatever the Host header is',
    },
    {
      key: `containers.*.${probe}.httpGet.httpHeaders`,
      because: 'the load balancer sends no headers of yours',
      remedy: 'answer the check without them',
    },
    { key: `containers.*.${probe}.exec.command`, to: 'healthCommand', read: command },
  ]),
  {
    key: 'containers.*.resources.limits',
    to: 'cpu, memory: the next size of Fargate, of all containers together',
    read: size,
  },
  {
    key: 'containers.*.resources.requests',
    to: 'cpu, memory, where there are no limits',
    read: size,
  },
]
