import { ALWAYS_ON, WHEN_NEEDED } from '../domain/schedule/written.ts'
import type { Check } from './check.ts'
import { listens } from './complete.ts'
import type { Document } from './document.ts'
import { didYouMean } from './near.ts'
import { type Problem, shown } from './problem.ts'
import type { Environment } from './schema.ts'

const teamKnown: Check = ({ team }, { problem }, { environment }) => {
  if (environment === undefined || Object.hasOwn(environment.teams, team)) return []
  const teams = Object.keys(environment.teams)
  const allowed = teams.join(', ')
  const remedy = didYouMean(team, teams, 'change it, or add the team to environment.yaml')
  return [problem(['team'], { found: shown(team), allowed, remedy })]
}

const scheduleKnown: Check = ({ schedule }, { problem }, { environment }) => {
  if (environment === undefined || schedule === undefined) return []
  const schedules = schedulesOf(environment)
  if (schedules.includes(schedule)) return []
  const allowed = schedules.join(', ')
  const otherwise = 'change it, or add the schedule to environment.yaml'
  const remedy = didYouMean(schedule, schedules, otherwise)
  return [problem(['schedule'], { found: shown(schedule), allowed, remedy })]
}

const dependenciesAnswer: Check = ({ dependsOn }, { problem }, { services, names }) =>
  dependsOn.flatMap((name, index) => {
    const found = shown(name)
    const path = ['dependsOn', index]
    if (!names.includes(name)) {
      const remedy = didYouMean(name, names, `change it, or add services/${name}.yaml`)
      return [problem(path, { found, allowed: names.join(', '), remedy })]
    }
    if (dependsOn.indexOf(name) < index) {
      return [problem(path, { found, allowed: 'each service once', remedy: 'remove it' })]
    }
    const service = services.get(name)
    if (service === undefined || listens(service.kind)) return []
    const allowed = `a service that can be called; ${name} is a ${service.kind}`
    return [problem(path, { found, allowed, remedy: 'remove it' })]
  })

const hostHasDomain: Check = ({ route }, { problem }, { environment }) => {
  if (environment === undefined || environment.domain !== undefined) return []
  const label = route?.hosts.find((host) => !host.includes('.'))
  if (label === undefined) return []
  const allowed = 'nothing: the environment has no domain'
  const remedy = 'remove it, or add domain to environment.yaml'
  return [problem(['route', 'host'], { found: shown(label), allowed, remedy })]
}

const signInKnown: Check = ({ wakeFor }, { problem }, { environment }) => {
  if (wakeFor !== 'signed-in' || environment === undefined || environment.signIn) return []
  const allowed = 'browsers or all: the environment has no signIn'
  const remedy = 'change it, or add signIn to environment.yaml'
  return [problem(['wakeFor'], { found: shown(wakeFor), allowed, remedy })]
}

/** Whether what a service names exists. */
export const serviceReferences: readonly Check[] = [
  teamKnown,
  scheduleKnown,
  dependenciesAnswer,
  hostHasDomain,
  signInKnown,
]

/** Whether what `environment.yaml` names in one place exists in another. */
export function environmentReferences(document: Document<Environment>): Problem[] {
  const { value: environment, problem } = document
  if (environment === undefined) return []
  const { owner, teams, schedule, schedules, calendars, natGateways, availabilityZones } =
    environment
  const unknown = (path: string[], name: string, known: string[], what: string) =>
    known.includes(name)
      ? []
      : [
          problem(path, {
            found: shown(name),
            allowed: known.join(', ') || `nothing: there is no ${what}`,
            remedy: didYouMean(name, known, `change it, or add the ${what}`),
          }),
        ]
  return [
    ...unknown(['owner'], owner, Object.keys(teams), 'team'),
    ...unknown(['schedule'], schedule, schedulesOf(environment), 'schedule'),
    ...Object.entries(schedules).flatMap(([name, { calendar }]) =>
      calendar === undefined
        ? []
        : unknown(['schedules', name, 'calendar'], calendar, Object.keys(calendars), 'calendar'),
    ),
    ...Object.keys(RESERVED)
      .filter((name) => Object.hasOwn(schedules, name))
      .map((name) => reservedSchedule(problem, name)),
    ...(natGateways > availabilityZones ? [tooManyGateways(problem, environment)] : []),
    ...ceilingsFit(problem, environment),
    ...instanceAlone(problem, environment),
    ...domainNeeds(document),
    ...signInNeeds(document),
  ]
}

type Tell = Document<Environment>['problem']

/** Names that have a meaning of their own. */
const RESERVED: Readonly<Record<string, string>> = {
  [ALWAYS_ON]: 'nothing sleeps',
  [WHEN_NEEDED]: 'something sleeps while nothing that needs it is awake',
}

const reservedSchedule = (problem: Tell, name: string): Problem =>
  problem(['schedules', name], {
    found: 'this name',
    allowed: `a name other than ${name}, which means that ${RESERVED[name]}`,
    remedy: 'rename it',
  })

const tooManyGateways = (problem: Tell, { natGateways, availabilityZones }: Environment): Problem =>
  problem(['natGateways'], {
    found: String(natGateways),
    allowed: `up to one per availability zone, ${availabilityZones}`,
    remedy: 'change one of them',
  })

/** What may be spent before something sleeps is at least the budget. */
function ceilingsFit(problem: Tell, environment: Environment): Problem[] {
  return Object.entries(environment.teams).flatMap(([name, { budget, ceiling }]) => {
    if (ceiling === undefined || (budget !== undefined && ceiling >= budget)) return []
    const allowed = budget === undefined ? 'nothing without a budget' : `at least budget, ${budget}`
    const remedy = budget === undefined ? 'add budget, or remove it' : 'change it'
    return [problem(['teams', name, 'ceiling'], { found: String(ceiling), allowed, remedy })]
  })
}

/** The instance is one for all zones, and sleeps when every service does. */
function instanceAlone(problem: Tell, { nat, natGateways, parts }: Environment): Problem[] {
  if (nat === 'gateway') return []
  const gateways = problem(['natGateways'], {
    found: String(natGateways),
    allowed: 'nothing beside nat: instance, which makes one instance and no gateway',
    remedy: 'remove it, or write nat: gateway',
  })
  const kubernetes = problem(['parts', 'kubernetes'], {
    found: 'true',
    allowed: 'false beside nat: instance, which sleeps with the services; pods need a way out too',
    remedy: 'change it, or write nat: gateway',
  })
  return [...(natGateways > 1 ? [gateways] : []), ...(parts.kubernetes ? [kubernetes] : [])]
}

/** A domain without a certificate makes every browser warn; a zone without a domain is unused. */
function domainNeeds({ value, problem }: Document<Environment>): Problem[] {
  const { domain, certificate, hostedZone } = value ?? {}
  if (domain !== undefined && certificate === undefined) {
    const allowed = 'a domain together with a certificate'
    const remedy = `add certificate: the ARN of one for *.${domain}`
    return [problem(['domain'], { found: shown(domain), allowed, remedy })]
  }
  if (hostedZone === undefined || domain !== undefined) return []
  const allowed = 'a hosted zone together with its domain'
  return [problem(['hostedZone'], { found: shown(hostedZone), allowed, remedy: 'add domain' })]
}

/**
 * People sign in over encrypted connections only: without a certificate there is no such listener.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
function signInNeeds({ value, problem }: Document<Environment>): Problem[] {
  const { signIn, certificate } = value ?? {}
  if (signIn === undefined || certificate !== undefined) return []
  const found = 'it without a certificate'
  const allowed =
    'signIn together with a certificate: the load balancer has people sign in over HTTPS'
  const remedy = 'add certificate: the ARN of one for the load balancer, or remove signIn'
  return [problem(['signIn'], { found, allowed, remedy })]
}

function schedulesOf({ schedules }: Environment): string[] {
  return [ALWAYS_ON, ...Object.keys(schedules)]
}
