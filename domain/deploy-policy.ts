import { Range, SemVer, satisfies } from 'semver'
import { isKeptName, KEPT_PREFIX } from './kept-name.ts'

/** Which pushed tags a service takes: the value of its `caretaker:deploy` tag. */
export type Policy =
  | { kind: 'exact'; text: string; tag: string }
  /** `byNumber`: of several the one with the highest numbers, not the newest push. */
  | { kind: 'glob'; text: string; pattern: string; byNumber?: true }
  /** `early`: pre-releases (1.5.0-rc.1) too. */
  | { kind: 'semver'; text: string; range: Range; early?: true }
  | { kind: 'off'; text: string }

/** The value of `caretaker:deploy` cannot be read. The message says what is allowed. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

const ALLOWED =
  'a tag (main), glob:<pattern> (glob:feature-*), number:<pattern> (number:build-*), semver:<range> (semver:~1.4), prerelease:<range> or off'

/** An image tag: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/**
 * Reads a deploy policy.
 *
 * AWS allows neither `*` nor `~` in a tag's value, so `@` stands for `*` there (it cannot occur
 * in an image tag) and `1.4.x` for `~1.4`; see `docs/adr/0006-policies-in-tags.md`.
 *
 * @throws PolicyError for anything else.
 */
export function parsePolicy(text: string): Policy {
  const [kind, rest] = split(text.trim())
  if (['exact', 'glob', 'number'].includes(kind) && isKeptName(rest)) {
    throw new PolicyError(
      `deploy policy "${text}" names tags that Caretaker gives to the images it runs (${KEPT_PREFIX}…); allowed: another tag`,
    )
  }
  if (kind === 'off') return { kind: 'off', text }
  if (kind === 'exact' && IMAGE_TAG.test(rest)) return { kind: 'exact', text, tag: rest }
  if ((kind === 'glob' || kind === 'number') && /^[A-Za-z0-9._*@-]+$/.test(rest)) {
    const pattern = rest.replaceAll('@', '*')
    return { kind: 'glob', text, pattern, ...(kind === 'number' && { byNumber: true }) }
  }
  if (kind === 'semver' || kind === 'prerelease') {
    const range = readRange(rest)
    const early = kind === 'prerelease' && { early: true as const }
    if (range !== undefined) return { kind: 'semver', text, range, ...early }
  }
  throw new PolicyError(`deploy policy "${text}" cannot be read; allowed: ${ALLOWED}`)
}

const KINDS = ['glob', 'number', 'semver', 'prerelease'] as const

function split(text: string): ['exact' | (typeof KINDS)[number] | 'off' | 'unknown', string] {
  if (text === 'off') return ['off', '']
  const colon = text.indexOf(':')
  if (colon < 0) return ['exact', text]
  const kind = KINDS.find((one) => one === text.slice(0, colon))
  return [kind ?? 'unknown', text.slice(colon + 1).trim()]
}

/**
 * Whether a glob matches: `*` is any text, everything else itself. In time that grows with the
 * length of the tag, not with the number of stars: each part is looked for once, as early as it fits.
 */
function globMatches(pattern: string, tag: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return tag === first
  if (!tag.startsWith(first)) return false
  const last = rest.pop() ?? ''
  let from = first.length
  for (const part of rest) {
    const found = tag.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return tag.length - last.length >= from && tag.endsWith(last)
}

function readRange(text: string): Range | undefined {
  if (text === '') return undefined
  try {
    return new Range(text)
  } catch {
    return undefined
  }
}

/** Whether the policy takes an image tag; never one of Caretaker's own. */
export function takes(policy: Policy, tag: string): boolean {
  if (policy.kind === 'off' || isKeptName(tag)) return false
  if (policy.kind === 'exact') return policy.tag === tag
  if (policy.kind === 'glob') return globMatches(policy.pattern, tag)
  const version = versionOf(tag)
  return (
    version !== undefined &&
    satisfies(version, policy.range, { includePrerelease: policy.early === true })
  )
}

/**
 * A tagged image as the registry has it now. `order`: its place among the pushes that were heard
 * of, for those within one second; 0 when it was not heard of. `unheard`: the tag was set since its
 * repository was last looked at, and nobody heard of it; the image is older.
 */
export type Tagged = { tag: string; digest: string; at: string; order?: number; unheard?: true }

/** `build-9` comes before `build-10`. */
const NUMBERS = new Intl.Collator('en', { numeric: true })

/**
 * The image a service should run, of all the registry has: the exact tag; the newest push a glob
 * matches, or the one with the highest numbers; the highest version in a range. Undefined when nothing fits.
 *
 * @param images every (tag, digest); `at` is when the tag came to name the digest, as far as known.
 */
export function choose(policy: Policy, images: readonly Tagged[]): Tagged | undefined {
  const fitting = images.filter(({ tag }) => takes(policy, tag))
  const byNumber = policy.kind === 'glob' && policy.byNumber === true
  const better =
    policy.kind === 'semver'
      ? (a: Tagged, b: Tagged) => (versionOf(a.tag) as SemVer).compare(versionOf(b.tag) as SemVer)
      : (a: Tagged, b: Tagged) =>
          (byNumber ? NUMBERS.compare(a.tag, b.tag) : 0) ||
          a.at.localeCompare(b.at) ||
          (a.order ?? 0) - (b.order ?? 0) ||
          a.tag.localeCompare(b.tag)
  return fitting.toSorted(better).at(-1)
}

/** `1.4.2`, `v1.4.2`, `1.4.2-rc.1`; undefined for any other tag. */
function versionOf(tag: string): SemVer | undefined {
  try {
    return new SemVer(tag.replace(/^v/, ''))
  } catch {
    return undefined
  }
}

/**
 * A policy in the spelling an AWS tag can carry.
 *
 * @throws PolicyError for a semver range that has no such spelling (`||`, `>=`, `<`).
 */
export function tagValue(policy: Policy): string {
  if (policy.kind === 'glob') return policy.text.replaceAll('*', '@')
  if (policy.kind !== 'semver') return policy.text
  const [kind = ''] = policy.text.split(':')
  const range = policy.text.slice(kind.length + 1).trim()
  const spelling = range
    .replace(/^~v?(\d+)\.(\d+)$/, '$1.$2.x')
    .replace(/^~v?(\d+)\.(\d+)\.(\d+)$/, '$1.$2.$3 - $1.$2')
    .replace(/^\^v?([1-9]\d*)$/, '$1.x')
    .replace(/^\^v?([1-9]\d*)\.(\d+)$/, '$1.$2.0 - $1')
    .replace(/^\^v?([1-9]\d*)\.(\d+)\.(\d+)$/, '$1.$2.$3 - $1')
  if (!/^[\w.: /=+@-]*$/.test(spelling)) {
    throw new PolicyError(
      `deploy policy "${policy.text}" cannot be written into an AWS tag; use ~1.4, ^1.4, 1.4.x or "1.4.2 - 1.9"`,
    )
  }
  return `${kind.trim()}:${spelling}`
}
