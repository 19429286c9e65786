import { secretVariables } from '../../catalog/secret-variables.ts'
import { isReserved, SUPPLIED } from '../../catalog/variables.ts'
import { VARIABLE_NAME } from '../../catalog/words.ts'
import type { Draft, Part } from './draft.ts'
import type { Tree } from './tree.ts'

/** Names whose values nobody else should read, also where the value looks harmless. */
const SECRET =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PWD|SECRETS?|TOKEN|CREDENTIALS?|KEY|KEY_BASE|SALT)$|(^|_)SECRET_/
const HARMLESS_NAME = /(^|_)(PUBLIC|PUBLISHABLE|SITE|PRIMARY|SORT|CACHE|PARTITION)_KEY$/
/** Where something is, whether there is something, or how long it lives. */
const HARMLESS_VALUE = /^(|true|false|yes|no|none|null|\d{1,4}|\/.*|\.\/.*|https?:\/\/[^@]*)$/i

/** Whether a variable's value belongs into no file. */
export function isSecret(name: string, value: string): boolean {
  if (secretVariables({ [name]: value }).length > 0) return true
  const plain = name.toUpperCase()
  return SECRET.test(plain) && !HARMLESS_NAME.test(plain) && !HARMLESS_VALUE.test(value)
}

/** ECS's own limit of a value here. */
const LONGEST = 4096

/**
 * Gives a service a variable: as one of its own, under another name of what it has anyway, put
 * together by its command, or as a secret whose value is put in by hand.
 */
export function giveVariable(draft: Draft, name: string, parts: readonly Part[], from: Tree): void {
  const { report } = draft
  const known = ofParts(parts)
  const why = notAllowed(draft, name, known)
  if (why !== undefined) {
    if (why.isSame) report.to(from, why.because)
    else report.leave(from, why.because, why.remedy)
    return
  }
  const [first] = parts
  if (isTooLong(parts.join(''))) {
    const remedy = 'put it into a file of the image, or into a secret'
    report.leave(from, `a variable of ECS has up to ${LONGEST} characters here`, remedy)
  } else if (parts.length === 1 && typeof first === 'object') {
    draft.putIn('aliases', name, first.of, from)
  } else if (known.length > 0) {
    draft.exports.set(name, parts.map(inShell).join(''))
    report.to(from, `${draft.file} command`)
  } else if (isSecret(name, parts.join(''))) {
    draft.secretValues.set(name, parts.join(''))
    giveSecret(draft, name, from)
  } else {
    draft.putIn('environment', name, parts.join(''), from)
  }
}

/** A secret whose value a person puts in. */
export function giveSecret(draft: Draft, name: string, from: Tree | undefined): void {
  const { secrets } = draft.is
  if (Array.isArray(secrets) || secrets === undefined) {
    draft.is.secrets = [...new Set([...(secrets ?? []), name])]
  } else {
    draft.is.secrets = { ...secrets, [name]: 'new' }
  }
  draft.report.to(from, `${draft.file} secrets.${name}`)
}

/** Secrets as a map, where the value of one exists already. */
export function giveExisting(
  draft: Draft,
  name: string,
  where: { parameter: string } | { secret: string; key?: string },
  from: Tree | undefined,
): void {
  const { secrets = {} } = draft.is
  const before = Array.isArray(secrets)
    ? Object.fromEntries(secrets.map((one) => [one, 'new' as const]))
    : secrets
  draft.is.secrets = { ...before, [name]: where }
  draft.report.to(from, `${draft.file} secrets.${name}`)
}

const ofParts = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (typeof part === 'string' ? [] : [part.of]))

type Refused = { because: string; remedy: string; isSame?: boolean }

function notAllowed(draft: Draft, name: string, of: readonly string[]): Refused | undefined {
  const { is, file } = draft
  if (of.length === 1 && of[0] === name) return same(`${file} sets it by itself`)
  const need = (Object.keys(SUPPLIED) as (keyof typeof SUPPLIED)[]).find(
    (one) => is[one] !== undefined && (SUPPLIED[one] as readonly string[]).includes(name),
  )
  if (need !== undefined) return same(`${file} ${need}`)
  if (name === 'PORT') return same(`${file} port`)
  if (isReserved(name, { dependsOn: is.dependsOn ?? [] })) {
    const remedy = /^AWS_(ACCESS|SECRET|SESSION)/.test(name)
      ? `let its role do what it needs: \`may\` in ${file}; AWS's clients find the role by themselves`
      : 'nothing, if its value there suits it; else read another variable in the code'
    return { because: `AWS or Caretaker gives ${name} to each container by itself`, remedy }
  }
  if (VARIABLE_NAME.safeParse(name).success) return undefined
  const because = `ECS takes names of ${VARIABLE_NAME.description}`
  return { because, remedy: 'read another variable in the code' }
}

const same = (because: string): Refused => ({ because, remedy: '', isSame: true })

/** Inside double quotes of a shell. */
const inShell = (part: Part): string =>
  typeof part === 'string' ? part.replaceAll(/["\\$`]/g, '\\$&') : `$${part.of}`

const isTooLong = (value: string): boolean => value.length > LONGEST

/**
 * Lets a command put together what ECS cannot: a URL that has a password in it.
 *
 * @returns the words of the command, with a shell before them.
 */
export function withExports(
  words: readonly string[],
  exports: ReadonlyMap<string, string>,
): string[] {
  if (exports.size === 0) return [...words]
  const sets = [...exports].map(([name, value]) => `export ${name}="${value}"`).join('; ')
  return ['sh', '-c', `${sets}; exec "$@"`, 'sh', ...words]
}
