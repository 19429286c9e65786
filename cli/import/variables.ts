import { isReserved, SUPPLIED } from '../../catalog/variables.ts'
import { VARIABLE_NAME } from '../../catalog/words.ts'
import { type Draft, findIn, type Part } from './draft.ts'
import { isSecret } from './is-secret.ts'
import { giveSecret } from './secrets.ts'
import type { Tree } from './tree.ts'

/** ECS's own limit of a value here. */
const LONGEST = 4096

/**
 * Gives a service a variable: as one of its own, as one in which it finds a data store, or as a
 * secret whose value is put in by hand.
 */
export function giveVariable(draft: Draft, name: string, parts: readonly Part[], from: Tree): void {
  const { report } = draft
  const known = parts.filter((part) => typeof part !== 'string')
  const why = notAllowed(draft, name, known)
  if (why !== undefined) {
    if (why.isSame) report.to(from, why.because)
    else report.leave(from, why.because, why.remedy)
  } else if (known.length > 0) {
    giveKnown(draft, name, parts, from)
  } else if (isTooLong(parts.join(''))) {
    const remedy = 'put it into a file of the image, or into a secret'
    report.leave(from, `a variable of ECS has up to ${LONGEST} characters here`, remedy)
  } else if (isSecret(name, parts.join(''))) {
    draft.secretValues.set(name, parts.join(''))
    giveSecret(draft, name, from)
  } else {
    draft.putIn('environment', name, parts.join(''), from)
  }
}

/** A text in which something of a data store stands: the catalog puts it together. */
function giveKnown(draft: Draft, name: string, parts: readonly Part[], from: Tree): void {
  const stores = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.store])))
  const [store] = stores
  const hasBraces = parts.some((part) => typeof part === 'string' && /[{}]/.test(part))
  if (store === 'bucket' && parts.length === 1) {
    draft.putIn('aliases', name, 'BUCKET_NAME', from)
    return
  }
  if (store === undefined || store === 'bucket' || stores.size > 1 || hasBraces) {
    const because = 'one variable holds the parts of one data store and plain text without braces'
    const remedy = `put it together in the code, or in \`command\` of ${draft.file}`
    draft.report.leave(from, because, remedy)
    return
  }
  const [first] = parts
  const isOne = parts.length === 1 && typeof first === 'object' && 'part' in first
  findIn(draft, store, name, isOne ? first.part : parts.map(inBraces).join(''), from)
}

const inBraces = (part: Part): string =>
  typeof part === 'string' ? part : 'part' in part ? `{${part.part}}` : ''

type Refused = { because: string; remedy: string; isSame?: boolean }

function notAllowed(draft: Draft, name: string, known: readonly Part[]): Refused | undefined {
  const { is, file } = draft
  const need = (Object.keys(SUPPLIED) as (keyof typeof SUPPLIED)[]).find(
    (one) => is[one] !== undefined && (SUPPLIED[one] as readonly string[]).includes(name),
  )
  if (need !== undefined) return same(`${file} ${need}`)
  if (name === 'PORT' && known.length === 0) return same(`${file} port`)
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

const isTooLong = (value: string): boolean => value.length > LONGEST
