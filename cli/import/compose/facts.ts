import { Problem } from '../../problem.ts'
import type { Report } from '../report.ts'
import { childOf, entriesOf, flagOf, isMapTree, itemsOf, type Tree, textOf } from '../tree.ts'
import { commandOf } from '../words.ts'
import { type Stands, standsFor } from './images.ts'
import { type Project, type Read, variablesOf } from './load.ts'
import { type Port, portsOf } from './ports.ts'

/** One service of a Compose project, as far as the others need to know it. */
export type Fact = {
  name: string
  tree: Tree
  image: string
  /** What is built, or the image's name: services with the same run the same. */
  runs: string
  isBuilt: boolean
  stands: Stands | undefined
  ports: readonly Port[]
  variables: ReadonlyMap<string, Tree>
  command: readonly string[] | undefined
  /** Names of services, and on what it waits. */
  waitsFor: ReadonlyMap<string, string>
  /** Names by which others call it. */
  hosts: readonly string[]
}

export type Facts = {
  all: ReadonlyMap<string, Fact>
  /** Trees of the files of variables: they have to be accounted for too. */
  sources: readonly Tree[]
}

/**
 * What the services of a project are.
 *
 * @param profiles those that were asked for; services of others are left out.
 * @throws Problem for a service that is no map.
 */
export function factsOf(
  project: Project,
  profiles: readonly string[],
  read: Read,
  report: Report,
): Facts {
  const sources: Tree[] = []
  const all = new Map<string, Fact>()
  for (const [name, tree] of project.services) {
    if (!isMapTree(tree)) {
      const { file, line } = tree.place
      throw new Problem(`${file}:${line} services.${name}: found no map, allowed: image, build, …`)
    }
    if (!isChosen(tree, profiles)) {
      const because = 'it belongs to a profile that was not asked for'
      const known = itemsOf(childOf(tree, 'profiles')).map(textOf).join(', ')
      report.leave(tree, because, `if it is wanted, import with --profile ${known.split(', ')[0]}`)
      continue
    }
    const { variables, sources: files } = variablesOf(tree, project, read, report)
    sources.push(...files)
    all.set(name, factOf(name, tree, variables))
  }
  return { all, sources }
}

function isChosen(tree: Tree, profiles: readonly string[]): boolean {
  const own = itemsOf(childOf(tree, 'profiles')).flatMap((one) => textOf(one) ?? [])
  return own.length === 0 || own.some((one) => profiles.includes(one) || profiles.includes('*'))
}

function factOf(name: string, tree: Tree, variables: ReadonlyMap<string, Tree>): Fact {
  const image = textOf(childOf(tree, 'image')) ?? ''
  const build = childOf(tree, 'build')
  const context = textOf(build) ?? textOf(childOf(build, 'context')) ?? '.'
  const dockerfile = textOf(childOf(build, 'dockerfile')) ?? 'Dockerfile'
  const target = textOf(childOf(build, 'target')) ?? ''
  const isBuilt = build !== undefined
  return {
    ...{ name, tree, image, isBuilt, variables },
    runs: image === '' ? `build ${context} ${dockerfile} ${target}` : image,
    stands: isBuilt ? undefined : standsFor(image),
    ports: portsOf(tree),
    command: commandOf(childOf(tree, 'command')),
    waitsFor: new Map(
      entriesOf(childOf(tree, 'depends_on')).map(([other, one]) => [
        other,
        textOf(childOf(one, 'condition')) ?? 'service_started',
      ]),
    ),
    hosts: hostsOf(name, tree),
  }
}

function hostsOf(name: string, tree: Tree): string[] {
  const own = ['container_name', 'hostname'].flatMap((key) => textOf(childOf(tree, key)) ?? [])
  const aliases = entriesOf(childOf(tree, 'networks')).flatMap(([, network]) =>
    itemsOf(childOf(network, 'aliases')).flatMap((one) => textOf(one) ?? []),
  )
  return [...new Set([name, ...own, ...aliases])]
}

/** Names that a service gives to others by `links: [db:database]`. */
export const linksOf = ({ tree }: Fact): [string, string][] =>
  itemsOf(childOf(tree, 'links')).map((one) => {
    const [service = '', alias = service] = (textOf(one) ?? '').split(':')
    return [alias, service]
  })

/** Whether it does its work once and ends. */
export function runsOnce(fact: Fact, all: ReadonlyMap<string, Fact>): boolean {
  const isWaitedFor = [...all.values()].some(
    ({ waitsFor }) => waitsFor.get(fact.name) === 'service_completed_successfully',
  )
  if (isWaitedFor) return true
  const restart = textOf(childOf(fact.tree, 'restart'))
  const ends = restart?.startsWith('on-failure') || flagOf(childOf(fact.tree, 'restart')) === false
  return ends === true && fact.ports.length === 0 && ONCE.test((fact.command ?? []).join(' '))
}

/** What is done before a new version runs. */
const ONCE = /migrat|db:|seed|collectstatic|createsuperuser|\binit\b|setup|schema/i
