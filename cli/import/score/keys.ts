import { VARIABLE_NAME } from '../../../catalog/words.ts'
import { type Part, putWords } from '../draft.ts'
import { giveImage } from '../images.ts'
import { isSecret } from '../is-secret.ts'
import { giveSecret } from '../secrets.ts'
import type { Row } from '../table.ts'
import { childOf, type Tree, textOf } from '../tree.ts'
import { giveVariable } from '../variables.ts'
import { piecesOf } from './placeholders.ts'
import { PROBE_ROWS } from './probes.ts'
import { partOf, RESOURCE_ROWS, typeOf } from './resources.ts'
import type { Scope } from './scope.ts'
import { giveSidecar } from './sidecars.ts'

const containerOf = (tree: Tree): string => tree.place.path[1] ?? ''
const isMain = (tree: Tree, { workload }: Scope): boolean => containerOf(tree) === workload.main

/** Reads a key of the service's own container; those of others are read with their sidecar. */
const own =
  (read: (tree: Tree, scope: Scope) => void) =>
  (tree: Tree, scope: Scope): void => {
    if (isMain(tree, scope)) read(tree, scope)
  }

function variable(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const name = tree.place.path.at(-1) ?? ''
  const pieces = piecesOf(textOf(tree) ?? '')
  const parts: Part[] = []
  for (const piece of pieces) {
    const part = typeof piece === 'string' ? piece : partOf(piece.names, scope)
    if (part === undefined) {
      leaveVariable(name, tree, piece as { names: readonly string[] }, scope)
      return
    }
    parts.push(part)
  }
  if (VARIABLE_NAME.safeParse(name).success) giveVariable(draft, name, joined(parts), tree)
  else report.leave(tree, `ECS takes names of ${VARIABLE_NAME.description}`, 'rename it')
}

function leaveVariable(
  name: string,
  tree: Tree,
  { names }: { names: readonly string[] },
  scope: Scope,
) {
  const { workload, report } = scope
  const [, resource = ''] = names
  const type = typeOf(childOf(workload.tree, 'resources', resource))
  const placeholder = `\${${names.join('.')}}`
  if (isSecret(name, 'a-value-nobody-knows') && type !== 's3') {
    giveSecret(workload.draft, name, tree)
    return
  }
  if (type === 's3') {
    const because = `${placeholder} is not needed: its role lets it use the bucket at AWS’s own address`
    report.leave(tree, because, 'nothing, if the code takes AWS’s defaults without this variable')
    return
  }
  const because = `nothing here gives ${placeholder}`
  report.leave(tree, because, `write environment.${name} into ${workload.draft.file}`)
}

/** Texts beside each other are one. */
function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = []
  for (const part of parts) {
    const last = all.at(-1)
    if (typeof last === 'string' && typeof part === 'string') all[all.length - 1] = last + part
    else all.push(part)
  }
  return all
}

const words = (field: 'entryPoint' | 'command') =>
  own((tree, { workload: { draft } }) => putWords(draft, field, tree))

function volume(tree: Tree, { workload: { draft, tree: whole }, report }: Scope): void {
  // The old form is a list with `target`.
  const target = textOf(childOf(tree, 'target')) ?? tree.place.path.at(-1) ?? ''
  const source = textOf(childOf(tree, 'source')) ?? textOf(tree) ?? ''
  const [piece] = piecesOf(source)
  const name = typeof piece === 'object' ? (piece.names[1] ?? '') : source
  const resource = childOf(whole, 'resources', name)
  const kind = `${textOf(childOf(resource, 'class'))} ${textOf(childOf(resource, 'type'))}`
  if (/empty|ephemeral|tmp|temp|scratch/.test(kind)) {
    draft.putIn('mounts', name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), target, tree)
  } else if (draft.is.files === undefined) {
    draft.put('files', target, tree)
  } else {
    const because = `a service has one place for files that stay, ${draft.is.files}`
    report.leave(tree, because, `keep these in a folder below ${draft.is.files}`)
    return
  }
  const path = childOf(tree, 'path')
  report.leave(path, 'the whole directory is mounted', 'nothing, if the service makes the folder')
  if (textOf(childOf(tree, 'readOnly')) !== 'true') return
  const because = 'it is mounted to be written, too'
  report.leave(childOf(tree, 'readOnly'), because, 'nothing, if the service does not write there')
}

function port(tree: Tree, { workload, report }: Scope): void {
  const { draft } = workload
  if (tree !== workload.portTree) {
    const isUdp = textOf(childOf(tree, 'protocol'))?.toUpperCase() === 'UDP'
    const because = isUdp
      ? 'a service is reached over TCP here'
      : `a service is reached at one port, here ${workload.port ?? 'none'}`
    report.leave(tree, because, 'make what listens there a service of its own, or a sidecar')
    return
  }
  report.to(tree, `${draft.file} port`)
  const [outer, inner] = [childOf(tree, 'port'), childOf(tree, 'targetPort')]
  if (inner === undefined || textOf(outer) === textOf(inner)) return
  const because = `others reach it at the port it listens on, ${textOf(inner)}`
  report.leave(outer, because, `let them call port ${textOf(inner)}`)
}

/** https://github.com/score-spec/spec/blob/main/score-v1b1.json */
export const SCORE_ROWS: readonly Row<Scope>[] = [
  { key: 'apiVersion', holds: 'what is read is Score v1b1' },
  {
    key: 'metadata.name',
    to: 'the name of the file',
    read: (tree, { workload, report }) => report.to(tree, workload.draft.file),
  },
  {
    key: 'metadata.annotations',
    because: 'nothing here reads annotations',
    remedy: 'nothing: leave it out',
  },
  { key: 'metadata.*', holds: 'it is put in where a placeholder names it' },
  { key: 'service.ports.*', to: 'port', read: port },
  ...RESOURCE_ROWS,
  {
    key: 'containers.*.image',
    to: 'repository',
    read: own((tree, { workload: { draft } }) => giveImage(draft, tree)),
  },
  { key: 'containers.*.command', to: 'entryPoint', read: words('entryPoint') },
  { key: 'containers.*.args', to: 'command', read: words('command') },
  {
    key: 'containers.*.variables.*',
    to: 'environment; secrets for passwords, tokens and keys; aliases and command for what a data store gives',
    read: own(variable),
  },
  {
    key: 'containers.*.files',
    because: 'no file is put into a container here',
    remedy: 'put it into the image (COPY in the Dockerfile), or its values into variables',
  },
  {
    key: 'containers.*.volumes.*',
    to: 'files; mounts for one of class ephemeral',
    read: own(volume),
  },
  ...PROBE_ROWS,
  {
    key: 'containers.*.before',
    to: 'sidecars.<name>.before, .after',
    read: own((tree, { report }) => report.to(tree, 'the sidecars it names')),
  },
  { key: 'containers.*', to: 'sidecars, but for the service’s own container', read: giveSidecar },
]
