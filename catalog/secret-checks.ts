import type { Check } from './check.ts'
import { connectionsOf, isPutTogether } from './connections.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'
import { type SecretVariable, secretsOf } from './secrets.ts'

/** What is wrong with one place; undefined when nothing is. */
type Wrong = { at: string[]; found: string; allowed: string; remedy: string } | undefined

const WAYS = ['parameter', 'secret', 'of'] as const

function onePlace({ from }: SecretVariable): Wrong {
  if (from === 'new') return undefined
  const ways = WAYS.filter((way) => from[way] !== undefined)
  const found = ways.join(' and ') || 'none of them'
  const allowed = 'one of parameter, secret and of'
  if (ways.length !== 1) return { at: [], found, allowed, remedy: 'write one of them' }
  if (from.key === undefined || from.secret !== undefined) return undefined
  const only = 'nothing: only the text of a secret is JSON with keys'
  return { at: ['key'], found: shown(from.key), allowed: only, remedy: 'remove it' }
}

/**
 * What the environment keeps for itself: the administrators' passwords, which RDS calls `rds!…`,
 * Caretaker's own secrets, and what a service's file asked for.
 */
function notKept({ from }: SecretVariable, environment: string): Wrong {
  if (from === 'new' || from.secret === undefined) return undefined
  const name = from.secret.replace(/^arn:.*:secret:/, '')
  if (!/^rds!/.test(name) && !name.startsWith(`${environment}/`)) return undefined
  const [, service = ''] = name.split('/')
  return {
    at: ['secret'],
    found: shown(from.secret),
    allowed: 'a secret that the environment has not made for itself or for a service',
    remedy: name.startsWith(`${environment}/`)
      ? `share the secret of a service, if that is meant: of: ${service}`
      : 'let the service have a user of its own: database',
  }
}

/** Whether each secret is somewhere, and may be read. */
const secretsExist: Check = (service, { problem }, { environment, services, names }) =>
  secretsOf(service).flatMap((secret) => {
    const told = ({ at, ...words }: NonNullable<Wrong>) => [problem([...secret.path, ...at], words)]
    const wrong = onePlace(secret) ?? (environment && notKept(secret, environment.name))
    if (wrong !== undefined) return told(wrong)
    if (secret.from === 'new' || secret.from.of === undefined) return []
    const { of } = secret.from
    const found = shown(of)
    if (!names.includes(of)) {
      const remedy = didYouMean(of, names, `change it, or add services/${of}.yaml`)
      return told({ at: ['of'], found, allowed: names.join(', '), remedy })
    }
    const owner = services.get(of)
    if (owner === undefined) return []
    const own = [
      ...secretsOf(owner).filter(({ from }) => from === 'new'),
      ...connectionsOf(owner).filter(isPutTogether),
    ].map(({ name }) => name)
    if (own.includes(secret.name)) return []
    const has = own.join(', ') || 'none'
    const allowed = `a service that has a new secret ${secret.name}; ${of} has ${has}`
    return told({ at: ['of'], found, allowed, remedy: 'change it, or add the secret there' })
  })

export const secretChecks: readonly Check[] = [secretsExist]
