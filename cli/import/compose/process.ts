import { override } from '../draft.ts'
import type { Row } from '../table.ts'
import { childOf, flagOf, numberOf, type Tree, textOf } from '../tree.ts'
import { secondsOf } from '../words.ts'
import type { Scope } from './ground.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const LONGEST_STOP_SECONDS = 120

const text = (property: string) => (tree: Tree, scope: Scope) => {
  const value = textOf(tree)
  if (value !== undefined && value !== '') override(scope.app.draft, property, value, tree)
}

const flag = (property: string, made: (flag: boolean) => unknown) => (tree: Tree, scope: Scope) => {
  const value = flagOf(tree)
  if (value === true) override(scope.app.draft, property, made(value), tree)
  if (value === false) scope.report.to(tree, 'so it is without a word')
}

function stopTimeout(tree: Tree, { app: { draft }, report }: Scope): void {
  const seconds = secondsOf(textOf(tree))
  if (seconds === undefined) return
  const kept = Math.min(Math.max(seconds, 2), LONGEST_STOP_SECONDS)
  override(draft, 'StopTimeout', kept, tree)
  if (kept === seconds) return
  const because = `a task of Fargate has 2 to ${LONGEST_STOP_SECONDS} seconds to end; ${kept} is written`
  report.leave(tree, because, 'nothing, if it ends in time')
}

/** Fargate lets one limit be set: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
function openFiles(tree: Tree, { app: { draft } }: Scope): void {
  const both = numberOf(tree)
  const soft = both ?? numberOf(childOf(tree, 'soft'))
  const hard = both ?? numberOf(childOf(tree, 'hard'))
  if (soft === undefined || hard === undefined || soft < 1 || hard < soft) return
  override(draft, 'Ulimits', [{ Name: 'nofile', SoftLimit: soft, HardLimit: hard }], tree)
}

/** How the process of a container runs: what no key of the catalog is for. */
export const PROCESS_ROWS: readonly Row<Scope>[] = [
  { key: 'user', to: 'override: User', read: text('User') },
  { key: 'working_dir', to: 'override: WorkingDirectory', read: text('WorkingDirectory') },
  {
    key: 'read_only',
    to: 'override: ReadonlyRootFilesystem',
    read: flag('ReadonlyRootFilesystem', (value) => value),
  },
  {
    key: 'init',
    to: 'override: LinuxParameters.InitProcessEnabled',
    read: flag('LinuxParameters', (value) => ({ InitProcessEnabled: value })),
  },
  { key: 'stop_grace_period', to: 'override: StopTimeout, up to 120 seconds', read: stopTimeout },
  { key: 'ulimits.nofile', to: 'override: Ulimits', read: openFiles },
  {
    key: 'ulimits.*',
    to: 'nofile alone is set',
    read: (tree, { report }) => {
      if (report.unread(tree).length === 0) return
      const because = 'Fargate lets the number of open files be set, and no other limit'
      report.leave(tree, because, 'nothing, if the service runs without')
    },
  },
]
