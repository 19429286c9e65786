import { Problem } from '../problem.ts'
import { isList, isMapTree, itemsOf, type Tree, textOf } from './tree.ts'

/**
 * The words of a command as Docker and Copilot split it: like a shell, without running one.
 * https://github.com/compose-spec/compose-spec/blob/main/05-services.md#command
 */
export function shellWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (letter === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1
      const next = text[at] ?? ''
      // In double quotes a backslash protects only what means something there.
      const isKept = quote === '"' && !'"\\$`'.includes(next)
      word = `${word ?? ''}${isKept ? '\\' : ''}${next}`
    } else if (letter === quote && quote !== '') {
      quote = ''
    } else if (quote === '' && (letter === '"' || letter === "'")) {
      quote = letter
      word ??= ''
    } else if (quote === '' && /\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = `${word ?? ''}${letter}`
    }
  }
  return word === undefined ? words : [...words, word]
}

/** The words of a command that is text or a list; undefined for nothing or an empty one. */
export function commandOf(tree: Tree | undefined): string[] | undefined {
  if (tree === undefined || isMapTree(tree)) return undefined
  const words = isList(tree)
    ? itemsOf(tree).map((one) => textOf(one) ?? '')
    : shellWords(textOf(tree) ?? '')
  return words.length === 0 ? undefined : words
}

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
}

/** Whole seconds, rounded up, of `90s`, `1m30s` or `1.5h`; a bare number counts seconds. */
export function secondsOf(text: string | undefined): number | undefined {
  const exact = exactSecondsOf(text)
  return exact === undefined ? undefined : Math.ceil(exact)
}

/** Seconds of `250ms`, to a millionth. */
export function exactSecondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  const sum = parts.reduce(
    (all, [, count, unit]) => all + Number(count) * (SECONDS[unit ?? ''] ?? 0),
    0,
  )
  return Number(sum.toFixed(6))
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  ki: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mi: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gi: 1024 ** 3,
}

/** MiB, rounded up, of `512M`, `1gb` or `2Gi`; a bare number counts bytes. */
export function mebibytesOf(text: string | undefined): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text ?? '') ?? []
  const factor = BYTES[unit.toLowerCase()]
  if (count === undefined || factor === undefined) return undefined
  return Math.ceil((Number(count) * factor) / 1024 ** 2)
}

/** Units of ECS, 1024 a processor, of `0.5` or `500m`. */
export function cpuUnitsOf(text: string | undefined): number | undefined {
  const [, count, milli] = /^(\d*\.?\d+)(m?)$/.exec(text ?? '') ?? []
  if (count === undefined) return undefined
  return Math.ceil(Number(count) * (milli === 'm' ? 1.024 : 1024))
}

/** A name as files of services may be called; shorter, where it is too long. */
export function serviceName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '')
  return plain.length < 2 ? `service-${plain}`.replace(/-$/, '') : plain
}

const LONGEST_NAME = 32

/** Each input's name as its file is called; two that would be one are told. @throws Problem */
export function serviceNames(names: readonly string[], isFree: (name: string) => boolean) {
  const found = new Map<string, string>()
  for (const name of names) {
    const plain = serviceName(name)
    const made = isFree(plain) ? plain : serviceName(`${plain.replace(/-database$/, '')}-service`)
    const other = [...found].find(([, one]) => one === made)?.[0]
    if (other !== undefined) {
      throw new Problem(
        `The services ${JSON.stringify(other)} and ${JSON.stringify(name)} would both be called ${made}: a service of the catalog has lower-case letters, digits and hyphens, up to ${LONGEST_NAME}. Rename one of them.`,
      )
    }
    found.set(name, made)
  }
  return found
}

/** A value between what AWS takes. */
export const within = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value))
