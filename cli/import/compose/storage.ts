import { MOUNT_PATH } from '../../../catalog/mount-schema.ts'
import type { Row } from '../table.ts'
import { childOf, isMapTree, itemsOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './ground.ts'

type Mount = { kind: 'named' | 'bind' | 'scratch'; source: string; target: string; tree: Tree }

function mountOf(tree: Tree): Mount | undefined {
  if (isMapTree(tree)) {
    const type = textOf(childOf(tree, 'type')) ?? 'volume'
    const source = textOf(childOf(tree, 'source')) ?? ''
    const target = textOf(childOf(tree, 'target')) ?? ''
    const isScratch = type === 'tmpfs' || (type === 'volume' && source === '')
    return {
      kind: isScratch ? 'scratch' : type === 'bind' ? 'bind' : 'named',
      source,
      target,
      tree,
    }
  }
  const parts = (textOf(tree) ?? '').split(':')
  if (parts[0] === '') return undefined
  // Behind the target stand `ro`, `z` and the like.
  const [source = '', target] = parts
  if (target === undefined) return { kind: 'scratch', source: '', target: source, tree }
  return { kind: /^[./~]/.test(source) ? 'bind' : 'named', source, target, tree }
}

/** Names of volumes whose content is made anew when it is gone. */
const MADE_ANEW = /cache|tmp|temp|node_modules|pycache|venv|static|build|dist/i

function mount(tree: Tree, { app: { draft }, report }: Scope): void {
  const found = mountOf(tree)
  if (found === undefined) return
  const { kind, source, target } = found
  const isPath = MOUNT_PATH.safeParse(target).success
  if (kind === 'bind') {
    report.leave(tree, ...bindReason(source, target))
    return
  }
  if (!isPath) {
    report.leave(tree, `a path here is ${MOUNT_PATH.description}`, 'mount it at such a path')
  } else if (kind === 'scratch' || MADE_ANEW.test(source)) {
    draft.putIn('mounts', nameOf(source || target), target, tree)
  } else if (draft.is.files === undefined) {
    draft.put('files', target, tree)
    report.note(
      'its files begin empty and belong to the user 1000: `npx caretaker exec <service>` opens a shell to copy them in',
      draft.name,
    )
  } else {
    const because = `a service has one place for files that stay, ${draft.is.files}`
    report.leave(tree, because, `keep these in a folder below ${draft.is.files}`)
  }
}

function bindReason(source: string, target: string): [because: string, remedy: string] {
  if (source.includes('docker.sock')) {
    return ['no task has a Docker to talk to', 'ask AWS instead: `may` gives the rights for it']
  }
  const isFile = /\.[a-z0-9]{1,8}$/i.test(source.replace(/^\.+\//, ''))
  const what = isFile ? 'a file' : 'a folder'
  const remedy = `put it into the image: COPY ${source.replace(/^\.\//, '') || '.'} ${target} in the Dockerfile, where it is not there yet`
  return [`it is ${what} of your own machine, which AWS does not see`, remedy]
}

/** As the catalog calls a mount. */
const nameOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 32) || 'scratch'

export const STORAGE_ROWS: readonly Row<Scope>[] = [
  {
    key: 'volumes.*',
    to: 'files for one that stays, mounts for one that is made anew; a folder or a file of your machine belongs into the image',
    read: mount,
  },
  {
    key: 'tmpfs',
    to: 'mounts',
    read: (tree, { app: { draft } }) => {
      for (const one of itemsOf(tree)) {
        const target = (textOf(one) ?? '').split(':')[0] ?? ''
        if (MOUNT_PATH.safeParse(target).success) {
          draft.putIn('mounts', nameOf(target), target, one)
        }
      }
    },
  },
]
