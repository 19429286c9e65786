import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SFNClient } from '@aws-sdk/client-sfn'
import type * as z from 'zod/mini'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { fits, serviceAt } from '../../domain/routes.ts'
import { type Visit, visitOf } from '../../domain/sleep/visit.ts'
import { runsBySchedule, untilOf, wakesAt } from '../../domain/sleep/visit-times.ts'
import { lambda, type Tools } from '../shared/handler.ts'
import { type Kept, readKept } from '../shared/sleep/kept.ts'
import { startMachine } from '../shared/start.ts'
import type { Table } from '../shared/table/table.ts'
import { answerTo } from './answer.ts'
import { ask, visitId } from './ask.ts'
import { type Answer, environment, event } from './contract.ts'
import { type Asked, read, STATE_PATH } from './request.ts'
import { sendOn, signedIn, signInAt, wantedAddress } from './sign-in.ts'

/** How old what was read may be: many visitors look at one wake. */
const FRESH_MS = 2000

/**
 * Answers whoever comes to a service that sleeps, in its place: people get a page that has it woken
 * and shows how far it is, programs a 503 that says when to come again. Only a rule of the load
 * balancer leads here, and only while the service is not up.
 */
export const handler = lambda({
  name: 'answer-visitor',
  environment,
  event,
  async run(request, tools): Promise<Answer> {
    const { client, log, now, environment: settings } = tools
    const catalog = tools.catalog()
    const by = signedIn(request, catalog.environment)
    const address = wantedAddress(request, by)
    if (address === undefined) return noAddress()
    const asked = by === undefined ? read(request) : { ...read(request), path: pathOf(address) }
    const service = serviceAt(routesOf(catalog), asked)
    const found = service === undefined ? undefined : catalog.services[service]
    if (service === undefined || found?.route === undefined) return nobodyHere()
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const last = await lately(tools, table)
    const { kept } = last
    const id = `service/${found.cluster}/${service}`
    const schedule = kept.sleepers.get(id)?.about?.schedule ?? found.schedule
    const said = {
      dependsOn: needsIn(catalog),
      runs: runsBySchedule(catalog, schedule, now),
    }
    const before = visitOf(service, id, { ...kept, ...said }, now)
    const until = untilOf(catalog, schedule, now)
    const { wakenBy } = found.route
    const asks =
      mayWake(wakenBy, asked, by) &&
      catalog.features.sleep === 'act' &&
      before.refused === undefined
    const sfn = client(SFNClient)
    const machine = settings.SLEEP_MACHINE
    if (by !== undefined && before.state === 'awake') return sendOn(address)
    if (asks && before.state === 'awake') {
      // The name is the minute: Step Functions takes each once.
      const why = `rule-${service}-${now.toISOString().slice(0, 16)}`
      const input = { why: `a rule was left before ${service}`, left: service }
      await startMachine(sfn, machine, input, why)
    } else if (asks && !before.comes) {
      const wish = {
        service,
        by,
        before: kept.overrides.find((one) => one.id === visitId(service)),
        until,
        mustStart: !isUnderWay(before),
        isNew: asked.isNew,
      }
      const holds = await ask({ table, sfn, machine }, wish, now)
      const others = kept.overrides.filter((one) => one.id !== holds.id)
      last.kept = { ...kept, overrides: [...others, holds] }
      log.info('decided', { caretakerService: service, asked: holds.until })
    }
    if (by !== undefined) return sendOn(address)
    const signIn = wakenBy === 'signed-in' ? signInAt(address) : undefined
    const next = wakesAt(catalog, schedule, now)
    return answerTo({
      asked,
      visit: visitOf(service, id, { ...last.kept, ...said }, now),
      environment: catalog.environment,
      timeZone: catalog.timeZone,
      now,
      wakes: next && new Date(next.at),
      until,
      look: lookAt(found.route, request.path, signIn && address),
      asks:
        !asked.isRobot &&
        !asks &&
        before.refused === undefined &&
        (wakenBy === 'browsers' || wakenBy === 'all'),
      signIn,
    })
  },
})

/** Whether this request may have a service woken that is woken by these. @param by who has signed in. */
function mayWake(
  wakenBy: Route['wakenBy'],
  { asks, wants, isRobot, isHead }: Asked,
  by: string | undefined,
): boolean {
  if (wakenBy === 'nobody' || (wakenBy === 'signed-in' && by === undefined)) return false
  return asks || (wakenBy === 'all' && wants === 'json' && !isRobot && !isHead)
}

type Route = NonNullable<CompiledCatalog['services'][string]['route']>

const pathOf = (address: string): string => address.split(/[?#]/)[0] ?? ''

type Last = { kept: Kept; at: number }

/** What is kept, as it was read a moment ago. */
async function lately({ log, now, once }: Own, table: Table): Promise<Last> {
  const failed = (what: string, error: unknown) =>
    log.error('what is kept of a resource cannot be read', { resource: what, error })
  const found = once<{ last?: Last }>('kept', () => ({}))
  if (found.last === undefined || now.getTime() - found.last.at > FRESH_MS) {
    found.last = { kept: await readKept(table, failed), at: now.getTime() }
  }
  return found.last
}

type Own = Tools<z.output<typeof environment>>

/** Something of what it needs is starting: the machine sees to the rest. */
const isUnderWay = ({ state, tiers }: Visit): boolean =>
  state === 'waking' && tiers.flat().some((one) => one.state === 'wakes')

const routesOf = ({ services }: CompiledCatalog): Record<string, Route> =>
  Object.fromEntries(
    Object.entries(services).flatMap(([name, { route }]) => (route ? [[name, route]] : [])),
  )

/** What a service needs at once, by the ids of resources. */
const needsIn =
  ({ services }: CompiledCatalog) =>
  (id: string): string[] => {
    const name = id.startsWith('service/') ? (id.split('/').at(-1) ?? '') : ''
    const needed = Object.hasOwn(services, name) ? (services[name]?.dependsOn ?? []) : []
    return needed.map((one) => `service/${services[one]?.cluster}/${one}`)
  }

/** Where the page looks: below the service's path, so that nothing of the service's is asked there. */
function lookAt({ paths }: Route, own: string, address: string | undefined): string {
  const below = paths
    .map((path) => ({ path, at: `${path.replace(/\/?\*$/, '')}${STATE_PATH}` }))
    .find(({ path, at }) => fits(path, at))
  const at = below?.at ?? own
  return address === undefined ? at : `${at}?to=${encodeURIComponent(address)}`
}

/** Somebody who has signed in without an address to go to: the page's own link names one. */
const noAddress = (): Answer => ({
  ...nobodyHere(),
  statusCode: 400,
  statusDescription: '400 Bad Request',
  body: 'No address to go to: open the address of the service, and sign in from its page.\n',
})

/** A rule whose service has left the catalog; the next look takes it away. */
const nobodyHere = (): Answer => ({
  statusCode: 404,
  statusDescription: '404 Not Found',
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'No service has this path.\n',
  isBase64Encoded: false,
})
