import { childOf, isMapTree, itemsOf, numberOf, type Tree, textOf } from '../tree.ts'

/** A port that a container listens on, and where it is published. */
export type Port = {
  target: number
  /** Undefined where Docker chooses one. */
  published: number | undefined
  protocol: string
  /** Published on this machine alone. */
  isLocal: boolean
  tree: Tree
}

/** The ports of a service, in both of Compose's forms, ranges one by one. */
export function portsOf(service: Tree): Port[] {
  return itemsOf(childOf(service, 'ports')).flatMap((tree) =>
    isMapTree(tree) ? longForm(tree) : shortForm(tree),
  )
}

/** Written as something else than a port, it is left out by name: no port comes of it. */
function shortForm(tree: Tree): Port[] {
  const text = textOf(tree) ?? ''
  const [, before = '', range = '', protocol = 'tcp'] =
    /^(?:(.*):)?(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(text) ?? []
  const targets = rangeOf(range)
  const host = /^(?:(.*):)?([\d-]*)$/.exec(before)
  const published = rangeOf(host?.[2] ?? '')
  const isLocal = isLoopback(host?.[1] ?? '')
  return targets.map((target, index) => ({
    ...{ target, published: published[index], protocol, isLocal, tree },
  }))
}

function longForm(tree: Tree): Port[] {
  const target = numberOf(childOf(tree, 'target'))
  if (target === undefined) return []
  const published = rangeOf(textOf(childOf(tree, 'published')) ?? '')
  const protocol = textOf(childOf(tree, 'protocol')) ?? 'tcp'
  const isLocal = isLoopback(textOf(childOf(tree, 'host_ip')) ?? '')
  return [{ target, published: published[0], protocol, isLocal, tree }]
}

const isLoopback = (address: string): boolean => /^(127\.|\[?::1|localhost)/.test(address)

/** `8000-8002` as three numbers. */
function rangeOf(text: string): number[] {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined) return []
  const count = Math.min(Number(to) - Number(from) + 1, MOST_PORTS)
  return Array.from({ length: Math.max(count, 0) }, (_, index) => Number(from) + index).filter(
    (port) => port >= 1 && port <= 65_535,
  )
}

/** More than any service publishes. */
const MOST_PORTS = 100

/** The first port that `expose` names. */
export const exposedPort = (service: Tree): number | undefined =>
  itemsOf(childOf(service, 'expose'))
    .map((one) => Number(/^(\d+)/.exec(textOf(one) ?? '')?.[1]))
    .find((port) => port >= 1 && port <= 65_535)

/** A port that others name behind one of its hosts: `http://api:3000`. */
export function calledPort(
  hosts: readonly string[],
  values: readonly string[],
): number | undefined {
  for (const value of values) {
    for (const host of hosts) {
      const found = new RegExp(`(?:^|//|@)${escaped(host)}:(\\d{2,5})\\b`).exec(value)?.[1]
      if (found !== undefined) return Number(found)
    }
  }
  return undefined
}

/** A port that a service's own command or check names: `--bind 0.0.0.0:8000`, `--port 8000`. */
export function ownPort({ tree, command }: { tree: Tree; command: readonly string[] | undefined }) {
  const check = itemsOf(childOf(tree, 'healthcheck', 'test')).map((one) => textOf(one) ?? '')
  const line = [...(command ?? []), ...check].join(' ')
  const [, address, option] =
    /(?:0\.0\.0\.0|\[::\]|localhost|127\.0\.0\.1|\s):(\d{2,5})\b|--port[= ](\d{2,5})\b/.exec(
      line,
    ) ?? []
  const port = Number(address ?? option)
  return port >= 1 && port <= 65_535 ? port : undefined
}

/** A text as it is, in a regular expression. */
export const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
