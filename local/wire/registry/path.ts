/** What a request of the distribution API is about. */
export type Asked =
  | { kind: 'base' }
  | { kind: 'catalog' }
  | { kind: 'tags'; name: string }
  | { kind: 'manifest'; name: string; reference: string }
  | { kind: 'referrers'; name: string; reference: string }
  | { kind: 'blob'; name: string; digest: string }
  | { kind: 'uploads'; name: string }
  | { kind: 'upload'; name: string; id: string }

/** Whether a path is one of the registry's; whoever signs as clients of AWS do means something else. */
export const isRegistryPath = (path: string): boolean => path === '/v2' || path.startsWith('/v2/')

/** A repository's name may have slashes; what follows it may not. */
const SHAPES: readonly [RegExp, (name: string, last: string) => Asked][] = [
  [/^(.+)\/tags\/list$/, (name) => ({ kind: 'tags', name })],
  [/^(.+)\/manifests\/([^/]+)$/, (name, reference) => ({ kind: 'manifest', name, reference })],
  [/^(.+)\/referrers\/([^/]+)$/, (name, reference) => ({ kind: 'referrers', name, reference })],
  [/^(.+)\/blobs\/uploads\/?$/, (name) => ({ kind: 'uploads', name })],
  [/^(.+)\/blobs\/uploads\/([^/]+)$/, (name, id) => ({ kind: 'upload', name, id })],
  [/^(.+)\/blobs\/([^/]+)$/, (name, digest) => ({ kind: 'blob', name, digest })],
]

/**
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints
 *
 * @param path below `/v2`, still percent-encoded; undefined for one that there is not.
 */
export function askedOf(path: string): Asked | undefined {
  const below = decoded(path.replace(/^\/v2\/?/, ''))
  if (below === undefined) return undefined
  if (below === '') return { kind: 'base' }
  if (below === '_catalog') return { kind: 'catalog' }
  for (const [shape, make] of SHAPES) {
    const [, name, last = ''] = shape.exec(below) ?? []
    if (name !== undefined) return make(name, last)
  }
  return undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
