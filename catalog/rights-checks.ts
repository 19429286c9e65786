import { boundaryServices, NEVER } from './boundary.ts'
import type { Check } from './check.ts'
import type { Document } from './document.ts'
import { iamActions, isIamService } from './iam-tables.ts'
import { didYouMean } from './near.ts'
import { type Problem, shown } from './problem.ts'
import type { Right } from './rights-schema.ts'
import type { Environment } from './schema.ts'

const NAMED = ['queues', 'topics', 'tables', 'buckets'] as const

const rightsCanBeGiven: Check = ({ may }, { problem }, { environment }) =>
  may.flatMap((right, index) => {
    const at = (field: string | undefined, found: string, allowed: string, remedy: string) =>
      problem(['may', index, ...(field === undefined ? [] : [field])], { found, allowed, remedy })
    const formed = wellFormed(right)
    if (formed !== undefined) return [at(...formed)]
    return (right.actions ?? []).flatMap((action, place) => {
      const wrong = wrongAction(action, environment)
      return wrong ? [problem(['may', index, 'actions', place], wrong)] : []
    })
  })

type Wrong = [field: string | undefined, found: string, allowed: string, remedy: string]

/** Either actions with resources, or names. */
function wellFormed(right: Right): Wrong | undefined {
  const { actions, resources, access, topics } = right
  const named = NAMED.filter((kind) => right[kind] !== undefined)
  const ways = 'actions with resources, or names: queues, topics, tables, buckets'
  if (actions === undefined && named.length === 0) {
    return [undefined, shown(right), ways, 'write one of the two']
  }
  if (actions !== undefined && named.length > 0) {
    return [named[0], shown(right[named[0] ?? 'queues']), ways, 'make two entries of it']
  }
  if (actions !== undefined && resources === undefined) {
    return ['resources', 'nothing', 'a list of ARNs beside actions, or ["*"]', 'add it']
  }
  if (actions === undefined && resources !== undefined) {
    return ['resources', shown(resources), 'nothing beside names', 'remove it, or write actions']
  }
  if (actions !== undefined && access !== undefined) {
    return ['access', shown(access), 'nothing beside actions, which say it', 'remove it']
  }
  if (topics !== undefined && access === 'read') {
    return ['access', shown(access), 'write: a service only publishes to a topic', 'change it']
  }
  return undefined
}

type Words = Parameters<Document<unknown>['problem']>[1]

/** An action that IAM does not know, or that the environment's boundary keeps from every role. */
function wrongAction(action: string, environment: Environment | undefined): Words | undefined {
  const [service = '', name = ''] = action.split(':')
  const found = shown(action)
  if (!isIamService(service)) {
    return { found, allowed: 'the prefix of an AWS service, such as sqs', remedy: 'correct it' }
  }
  const known = iamActions(service)
  const pattern = new RegExp(`^${name.replaceAll('*', '.*')}$`, 'i')
  const matching = known.filter((one) => pattern.test(one))
  if (matching.length === 0) {
    const remedy = didYouMean(name, known, 'correct it').replace('mean ', `mean ${service}:`)
    return { found, allowed: `an action of ${service} that IAM knows`, remedy }
  }
  if (service === 'iam' || service === 'sts') return identity(service, matching, found)
  if (environment !== undefined && !boundaryServices(environment).includes(service)) {
    const allowed = 'what the boundary of the environment’s roles lets through'
    return { found, allowed, remedy: `add ${service} to boundary in environment.yaml` }
  }
  const never = matching.map((one) => `${service}:${one}`).find((one) => NEVER.includes(one))
  // A pattern is cut by the boundary's denial; an action by its name would never work.
  if (never === undefined || name.includes('*')) return undefined
  const allowed = 'anything but what deletes whole stores of data, which no role may'
  return { found, allowed, remedy: 'remove it' }
}

function identity(service: string, matching: readonly string[], found: string): Words | undefined {
  const taken = service === 'sts' && matching.every((one) => one === 'AssumeRole')
  if (taken) return undefined
  const allowed =
    'of IAM and STS only sts:AssumeRole: a service gives no rights, and passes no role'
  return { found, allowed, remedy: 'remove it' }
}

/** A prefix that IAM does not know would be a line of the boundary that lets nothing through. */
export function boundaryChecks({ value, problem }: Document<Environment>): Problem[] {
  return (value?.boundary ?? []).flatMap((service, index) => {
    const path = ['boundary', index]
    const found = shown(service)
    if (service === 'iam' || service === 'sts') {
      const allowed = 'no iam and no sts: no role can make another, or give itself more'
      return [problem(path, { found, allowed, remedy: 'remove it' })]
    }
    if (isIamService(service)) return []
    const allowed = 'the prefix of an AWS service as IAM calls it, such as ses'
    return [problem(path, { found, allowed, remedy: 'correct it' })]
  })
}

export const rightsChecks: readonly Check[] = [rightsCanBeGiven]
