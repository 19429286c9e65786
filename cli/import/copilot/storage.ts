import { MOUNT_NAME, MOUNT_PATH } from '../../../catalog/mount-schema.ts'
import { override } from '../draft.ts'
import type { Row } from '../table.ts'
import { childOf, flagOf, numberOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './scope.ts'

function volume(tree: Tree, { workload: { draft }, report }: Scope): void {
  const name = tree.place.path.at(-1) ?? ''
  const pathTree = childOf(tree, 'path')
  const path = textOf(pathTree) ?? ''
  const efs = childOf(tree, 'efs')
  const isShared = efs !== undefined && flagOf(efs) !== false
  const readOnly = childOf(tree, 'read_only')
  if (!MOUNT_PATH.safeParse(path).success) {
    report.leave(tree, `a path here is ${MOUNT_PATH.description}`, 'mount it at such a path')
    return
  }
  if (!isShared) {
    const made = MOUNT_NAME.safeParse(name).success ? name : 'scratch'
    draft.putIn('mounts', made, path, pathTree)
    report.to(efs, `${draft.file} mounts.${made}`)
    report.to(readOnly, 'it may be written, too')
    return
  }
  if (draft.is.files !== undefined) {
    const because = `a service has one place for files that stay, ${draft.is.files}`
    report.leave(tree, because, `keep these in a folder below ${draft.is.files}`)
    return
  }
  draft.put('files', path, pathTree)
  report.to(readOnly, 'it may be written, too')
  const because =
    'the environment has a file system of its own, in which this directory begins empty, of the user 1000'
  report.leave(efs, because, 'copy the files with AWS DataSync, or with a task that mounts both')
}

export const STORAGE_ROWS: readonly Row<Scope>[] = [
  {
    key: 'storage.ephemeral',
    to: 'disk, above 20 GiB',
    read: (tree, { workload: { draft }, report }) => {
      const size = numberOf(tree)
      if (size === undefined) return
      if (size > 20) draft.put('disk', Math.min(size, 200), tree)
      else report.to(tree, 'a task has 20 GiB')
    },
  },
  { key: 'storage.volumes.*', to: 'files for EFS, mounts for the others', read: volume },
  {
    key: 'storage.readonly_fs',
    to: 'override: ReadonlyRootFilesystem',
    read: (tree, { workload: { draft }, report }) => {
      if (flagOf(tree)) override(draft, 'ReadonlyRootFilesystem', true, tree)
      else report.to(tree, 'a container may write on its own disk')
    },
  },
]
