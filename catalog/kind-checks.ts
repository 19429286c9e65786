import type { Check } from './check.ts'
import { shown } from './problem.ts'
import type { Kind, Service } from './schema.ts'

const LISTENING: readonly Kind[] = ['web', 'api']
const RUNNING: readonly Kind[] = ['web', 'api', 'worker']

/** A value as the file has it. */
const writtenIn = (file: unknown, field: string): unknown =>
  (file as Record<string, unknown>)[field]

/** Fields that only some kinds have. */
const FIELDS: [keyof Service, readonly Kind[]][] = [
  ['port', LISTENING],
  ['ports', LISTENING],
  ['route', LISTENING],
  ['nlb', LISTENING],
  ['healthPath', LISTENING],
  ['healthCommand', RUNNING],
  ['health', RUNNING],
  ['deployment', RUNNING],
  ['preDeploy', RUNNING],
  ['refuseFindings', RUNNING],
  ['scaling', RUNNING],
  ['schedule', RUNNING],
  ['idle', RUNNING],
  ['importance', RUNNING],
  ['sleepsForBudget', RUNNING],
  ['runs', ['job']],
  ['retries', ['job']],
  ['timeout', ['job']],
]

const fieldsOfKind: Check = (service, { problem, value: written }) =>
  FIELDS.flatMap(([field, kinds]) => {
    const value = service[field]
    const isAbsent = value === undefined || (Array.isArray(value) && value.length === 0)
    if (isAbsent || kinds.includes(service.kind)) return []
    const allowed = `nothing: ${field} is for ${kinds.join(', ')}, and this is a ${service.kind}`
    const remedy = 'remove it or change kind'
    return [problem([field], { found: shown(writtenIn(written, field)), allowed, remedy })]
  })

const jobRuns: Check = ({ kind, runs }, { problem }) => {
  if (kind !== 'job' || runs !== undefined) return []
  const allowed = 'when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day)'
  return [problem(['runs'], { found: 'nothing', allowed, remedy: 'add it' })]
}

/** A job names its image by tag and takes the newest at each run; no roll-out chooses for it. */
const jobTakesOneTag: Check = ({ kind, deploy, image }, { problem }) => {
  if (
    kind !== 'job' ||
    image !== undefined ||
    !/^(glob|number|semver|prerelease):|^off$/.test(deploy)
  )
    return []
  const allowed = 'one tag, such as main: a job takes the newest image of it at each run'
  return [problem(['deploy'], { found: shown(deploy), allowed, remedy: 'name one tag' })]
}

/** Whoever waits for the end of a run waits for one task: infra/environment/services/job-machine.ts. */
const followedRunsOneTask: Check = ({ count, retries, timeout }, { problem }) => {
  if (count === 1 || (retries === undefined && timeout === undefined)) return []
  const allowed = '1 with retries or timeout: one task is followed to its end'
  const remedy = 'lower it, or remove retries and timeout'
  return [problem(['count'], { found: String(count), allowed, remedy })]
}

/** One target group, one entrance: the name of a second would not fit AWS's 32 characters. */
const oneEntrance: Check = ({ route, nlb }, { problem, value: written }) => {
  if (route === undefined || nlb === undefined) return []
  const allowed = 'either a route (HTTP) or a port of the network load balancer (any TCP)'
  return [
    problem(['nlb'], {
      found: shown(writtenIn(written, 'nlb')),
      allowed,
      remedy: 'remove one of them',
    }),
  ]
}

/** Nobody comes to what has no address, and who may not wake it is asked nothing further. */
const wokenByVisitors: Check = ({ route, wakeOnRequest, wakeFor }, { problem }) => {
  const no = (field: 'wakeOnRequest' | 'wakeFor', found: unknown, allowed: string) => [
    problem([field], { found: shown(found), allowed, remedy: 'remove it' }),
  ]
  if (route === undefined && wakeOnRequest === true) {
    return no('wakeOnRequest', true, 'nothing: only a service with a route has visitors')
  }
  if (wakeFor === undefined || (route !== undefined && wakeOnRequest !== false)) return []
  return no('wakeFor', wakeFor, 'nothing: no visitor may wake it')
}

/** Only the backend tier may open a connection to a database: `infra/environment/network/security-groups.ts`. */
const databaseBehindBackend: Check = ({ cluster, database }, { problem }) => {
  if (database === undefined || cluster === 'backend') return []
  const allowed = 'a database only for services of the backend cluster'
  const remedy = 'let a backend service own the data, or change cluster'
  return [problem(['database'], { found: shown(database), allowed, remedy })]
}

/** What the kinds and clusters of services may and must have. */
export const kindChecks: readonly Check[] = [
  fieldsOfKind,
  jobRuns,
  jobTakesOneTag,
  followedRunsOneTask,
  oneEntrance,
  wokenByVisitors,
  databaseBehindBackend,
]
