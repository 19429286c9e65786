import { createHash } from 'node:crypto'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Files } from '../../files.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import type { PortableHandler, Runtime } from './runtime.ts'

/** A function's code, loaded. */
export type Bundle = {
  directory: string
  /** The directory that is in the stack traces of its errors. */
  loadedFrom: string
  handler: PortableHandler
  /** Bytes of the entry file. */
  size: number
  /** Base64, as `CodeSha256` shows it. */
  sha256: string
}

/**
 * Loads the module a function's `Handler` names. Node keeps modules, so a file is loaded once in a
 * process however many simulations run, and however many assemblies link to it.
 *
 * @param handler `<file>.<export>`; it comes from whoever may create a function.
 * @param shared a module to load in the place of a file with this SHA-256.
 * @throws AwsError InvalidParameterValueException when there is no such file or export in the
 *   bundle, and NotImplemented for a handler that cannot be bound to the simulation.
 */
export async function loadBundle(
  directory: string,
  handler: string,
  shared: Runtime['shared'],
): Promise<Bundle> {
  const dot = handler.lastIndexOf('.')
  const path = join(directory, `${handler.slice(0, dot)}.mjs`)
  const name = handler.slice(dot + 1)
  if (dot < 1 || !existsSync(path)) throw cannotLoad(`${handler}: there is no ${path}`)
  if (!isInside(directory, path)) throw cannotLoad(`${handler} is not in the function's bundle`)
  const { size, sha256 } = files.get(path)
  const instead = shared?.(sha256)
  const file = instead ?? `${statSync(path).ino} ${sha256}`
  const { module, loadedFrom } =
    loaded.get(file) ?? (await load(file, instead ?? path, instead !== undefined))
  const exported = module[name]
  if (typeof exported !== 'function') throw cannotLoad(`${handler} is undefined or not exported`)
  if (!isPortable(exported)) {
    throw new NotImplemented(
      `a handler without \`on\`: ${path} would read the real clock and the real network; make it with \`lambda()\` of functions/shared/handler.ts, or say what it does where you load the stacks (\`functions\`, docs/library.md)`,
    )
  }
  return { directory, loadedFrom, handler: exported, size, sha256 }
}

/** Whether a file is below a directory, once `..` and links are followed. */
function isInside(directory: string, path: string): boolean {
  const way = relative(realpathSync(directory), realpathSync(path))
  return way.split(sep)[0] !== '..'
}

/** A process has the functions of a few catalogs. */
const MOST_FILES = 200

const files = new Files(MOST_FILES, (content) => ({
  size: content.byteLength,
  sha256: createHash('sha256').update(content).digest('base64'),
}))

type Loaded = { module: Record<string, unknown>; loadedFrom: string }

const loaded = new Map<string, Loaded>()

async function load(file: string, path: string, isShared: boolean): Promise<Loaded> {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  // What is shared lies beside the functions' folders.
  const one = { module, loadedFrom: isShared ? dirname(dirname(path)) : dirname(path) }
  loaded.set(file, one)
  return one
}

function isPortable(handler: object): handler is PortableHandler {
  return 'on' in handler && typeof handler.on === 'function'
}

const cannotLoad = (what: string) =>
  new AwsError('InvalidParameterValueException', `Could not load the handler. ${what}`)
