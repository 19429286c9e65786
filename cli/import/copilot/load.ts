import { Problem } from '../../problem.ts'
import type { Report } from '../report.ts'
import {
  childOf,
  entriesOf,
  type Filled,
  filledTree,
  isMapTree,
  readTree,
  type Tree,
  textOf,
} from '../tree.ts'

/** A file of a `copilot/` folder. */
export type SourceFile = { path: string; text: string }

/** A `copilot/` folder as it is for one of its environments. */
export type Folder = {
  application: string
  environment: string
  workloads: readonly { name: string; tree: Tree }[]
  /** The environment's own manifest. */
  manifest: Tree | undefined
  pipelines: readonly Tree[]
  addons: readonly { workload: string; tree: Tree }[]
  /** Files of `copilot/overrides` and `<workload>/overrides`, which are programs or patches. */
  overrides: readonly string[]
}

const MANIFEST = /(?:^|\/)copilot\/([^/]+)\/manifest\.ya?ml$/
const ENVIRONMENT = /(?:^|\/)copilot\/environments\/([^/]+)\/manifest\.ya?ml$/
const PIPELINE = /(?:^|\/)copilot\/(?:pipelines\/[^/]+\/manifest|pipeline)\.ya?ml$/
const ADDON = /(?:^|\/)copilot\/([^/]+)\/addons\/(.+)\.ya?ml$/
const OVERRIDE = /(?:^|\/)copilot\/(?:[^/]+\/|environments\/)?overrides\//
const WORKSPACE = /(?:^|\/)copilot\/\.workspace$/

/** The environments that a folder names: those with a manifest, and those in overlays. */
export function environmentsOf(files: readonly SourceFile[]): string[] {
  const named = files.flatMap(({ path, text }) => {
    const own = ENVIRONMENT.exec(path)?.[1]
    if (own !== undefined) return [own]
    if (!MANIFEST.test(path)) return []
    return entriesOf(childOf(readTree(text, path), 'environments')).map(([name]) => name)
  })
  return [...new Set(named)].toSorted()
}

/**
 * A `copilot/` folder with the overlays of one environment put in.
 *
 * @throws Problem for a folder without a manifest, or a file that cannot be read.
 */
export function loadFolder(
  files: readonly SourceFile[],
  environment: string,
  report: Report,
): Folder {
  const application = applicationOf(files)
  const read = ({ path, text }: SourceFile): Tree =>
    filledTree(readTree(text, path), fillWith(application, environment))
  const workloads = files.flatMap((file) => {
    const [, folder = ''] = MANIFEST.exec(file.path) ?? []
    if (folder === '' || folder === 'environments') return []
    const tree = overlaid(read(file), environment, report)
    return [{ name: textOf(childOf(tree, 'name')) ?? folder, tree }]
  })
  if (workloads.length === 0) {
    throw new Problem(
      'found no copilot/<workload>/manifest.yml, allowed: a folder copilot/ with manifests; name it. Nothing was written',
    )
  }
  const own = files.find(({ path }) => ENVIRONMENT.exec(path)?.[1] === environment)
  return {
    ...{ application, environment, workloads },
    manifest: own && read(own),
    pipelines: files.filter(({ path }) => PIPELINE.test(path)).map(read),
    addons: files.flatMap((file) => {
      const [, workload] = ADDON.exec(file.path) ?? []
      return workload === undefined ? [] : [{ workload, tree: read(file) }]
    }),
    overrides: files.flatMap(({ path }) => (OVERRIDE.test(path) ? [path] : [])),
  }
}

/** As `copilot init` noted it; else as the folder above `copilot/` is called. */
function applicationOf(files: readonly SourceFile[]): string {
  const workspace = files.find(({ path }) => WORKSPACE.test(path))
  const noted = /^application:\s*(\S+)/m.exec(workspace?.text ?? '')?.[1]
  return noted ?? /([^/]+)\/copilot\//.exec(files[0]?.path ?? '')?.[1] ?? 'app'
}

/**
 * Copilot puts values into a manifest before it reads it; `\${` stays.
 * https://aws.github.io/copilot-cli/docs/developing/manifest-env-var/
 */
const fillWith =
  (application: string, environment: string) =>
  (text: string): Filled => {
    const lacks: string[] = []
    const known: Readonly<Record<string, string>> = {
      COPILOT_APPLICATION_NAME: application,
      COPILOT_ENVIRONMENT_NAME: environment,
    }
    const filled = text.replaceAll(/(\\?)\$\{(\w+)\}/g, (whole, before: string, name: string) => {
      if (before !== '') return whole.slice(1)
      const value = known[name]
      if (value === undefined) lacks.push(name)
      return value ?? whole
    })
    return { text: filled, lacks }
  }

/** Of two forms of one thing only one may stand. */
const EXCLUDE: Readonly<Record<string, string>> = { location: 'build', build: 'location' }

/** A manifest with what it says of one environment laid over it. */
function overlaid(tree: Tree, environment: string, report: Report): Tree {
  const overlays = childOf(tree, 'environments')
  for (const [name, one] of entriesOf(overlays)) {
    if (name !== environment) report.to(one, `the catalog of ${name}`)
  }
  const over = childOf(overlays, environment)
  const base: Tree = {
    ...tree,
    content: new Map(entriesOf(tree).filter(([key]) => key !== 'environments')),
  }
  if (over === undefined || !isMapTree(over)) {
    if (over !== undefined) report.to(over, 'nothing is different there')
    return base
  }
  return laid(base, over, report)
}

/** Maps merge; lists and single values replace, and a short form takes the place of a long one. */
function laid(base: Tree | undefined, over: Tree, report: Report): Tree {
  if (base === undefined) return over
  const { file, line } = over.place
  const gone = `${file}:${line}, which stands over it`
  if (!isMapTree(base) || !isMapTree(over)) {
    report.to(base, gone)
    return over
  }
  const entries = new Map(entriesOf(base))
  for (const [key, one] of entriesOf(over)) {
    const excluded = EXCLUDE[key]
    if (excluded !== undefined && entries.has(excluded)) {
      report.to(entries.get(excluded), gone)
      entries.delete(excluded)
    }
    entries.set(key, laid(entries.get(key), one, report))
  }
  return { ...base, content: entries }
}
