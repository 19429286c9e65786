import { createHash } from 'node:crypto'
import type { Expression } from 'jsonata'
import { Random, hash as seedOf } from '../random.ts'
import type { World } from '../world.ts'

type Frame = { environment: { lookup(name: string): { implementation: DateFormatter } } }
type DateFormatter = (this: unknown, millis: number, picture?: string, zone?: string) => string

const ALGORITHMS: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** `$range` allocates at most this many elements on AWS. */
const LONGEST_RANGE = 360_145

/**
 * Gives an expression the functions Step Functions adds to JSONata 2.0.6, takes `$eval` away, and
 * ties time and chance to the world (transforming-data.html, "JSONata functions provided by Step
 * Functions"). Integer arguments given as fractions are rounded towards zero.
 */
export function registerFunctions(expression: Expression, world: World): void {
  const random = world.random
  expression.registerFunction('partition', partition, '<an:a>')
  expression.registerFunction('range', range, '<nnn?:a>')
  expression.registerFunction('hash', digest, '<ss?:s>')
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>')
  expression.registerFunction('uuid', () => random.uuid('stepfunctions/jsonata'), '<:s>')
  expression.registerFunction(
    'random',
    (seed?: number) =>
      seed === undefined
        ? random.next('stepfunctions/jsonata')
        : new Random(seedOf(String(Math.trunc(seed)))).next('seeded'),
    '<n?:n>',
  )
  expression.registerFunction('shuffle', (items: unknown[]) => shuffle(items, random), '<a:a>')
  expression.registerFunction('millis', () => world.now, '<:n>')
  expression.registerFunction(
    'now',
    function now(this: unknown, picture?: string, zone?: string) {
      const format = (this as Frame).environment.lookup('fromMillis').implementation
      return format.call(this, world.now, picture, zone)
    },
    '<s?s?:s>',
  )
  // Calling what is not there is T1006, as on AWS.
  expression.assign('eval', undefined)
}

function partition(items: unknown[], size: number): unknown[][] | undefined {
  const step = Math.trunc(size)
  if (step < 1 || items.length === 0) return undefined
  const parts: unknown[][] = []
  for (let index = 0; index < items.length; index += step) {
    parts.push(items.slice(index, index + step))
  }
  return parts
}

function range(first: number, last: number, step?: number): unknown {
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step ?? 0)]
  if (by === 0 || (to - from) * by < 0) return undefined
  const length = Math.floor((to - from) / by) + 1
  if (length > LONGEST_RANGE) throw new Error('Expression evaluation memory limit exceeded')
  if (length === 1) return from
  return Array.from({ length }, (_, index) => from + index * by)
}

function digest(text: string, algorithm?: string): string | undefined {
  if (algorithm === undefined) return undefined
  const name = ALGORITHMS[algorithm]
  if (name === undefined) throw new Error(`Unsupported hash algorithm: ${algorithm}`)
  return createHash(name).update(text).digest('hex')
}

/** Fisher-Yates. */
function shuffle(items: unknown[], random: Random): unknown[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random.next('stepfunctions/jsonata') * (index + 1))
    ;[shuffled[index], shuffled[other]] = [shuffled[other], shuffled[index]]
  }
  return shuffled
}
