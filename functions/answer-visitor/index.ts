import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { fits, type Route, serviceAt } from '../../domain/routes.ts'
import { type Visit, visitOf } from '../../domain/sleep/visit.ts'
import { lambda } from '../shared/handler.ts'
import { type Kept, readKept } from '../shared/sleep/kept.ts'
import { startMachine } from '../shared/start.ts'
import { answerTo } from './answer.ts'
import { ask, visitId } from './ask.ts'
import { type Answer, environment, event } from './contract.ts'
import { read, STATE_PATH } from './request.ts'
import { runsBySchedule, untilOf, wakesAt } from './until.ts'

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
    const { client, log, now, once, environment: settings } = tools
    const catalog = tools.catalog()
    const asked = read(request)
    const service = serviceAt(routesOf(catalog), asked)
    const found = service === undefined ? undefined : catalog.services[service]
    if (service === undefined || found?.route === undefined) return nobodyHere()
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const failed = (what: string, error: unknown) =>
      log.error('what is kept of a resource cannot be read', { resource: what, error })
    const last = once<Last>('kept', () => ({}))
    if (last.kept === undefined || now.getTime() - (last.at ?? 0) > FRESH_MS) {
      last.kept = await readKept(table, failed)
      last.at = now.getTime()
    }
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
    const maySay = wakenBy === 'all' && asked.wants === 'json' && !asked.isRobot && !asked.isHead
    const asks =
      (asked.asks || maySay) &&
      wakenBy !== 'nobody' &&
      catalog.features.sleep === 'act' &&
      before.refused === undefined
    const sfn = client(SFNClient)
    const machine = settings.SLEEP_MACHINE
    if (asks && before.state === 'awake') {
      // The name is the minute: Step Functions takes each once.
      const why = `rule-${service}-${now.toISOString().slice(0, 16)}`
      await startMachine(sfn, machine, { why: `a rule was left before ${service}` }, why)
    } else if (asks && !before.comes) {
      const wish = {
        service,
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
    const next = wakesAt(catalog, schedule, now)
    return answerTo({
      asked,
      visit: visitOf(service, id, { ...last.kept, ...said }, now),
      environment: catalog.environment,
      timeZone: catalog.timeZone,
      now,
      wakes: next && new Date(next.at),
      until,
      look: lookAt(found.route, request.path),
      asks: !asked.isRobot && !asks && before.refused === undefined && wakenBy !== 'nobody',
    })
  },
})

type Last = { kept?: Kept; at?: number }

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
function lookAt({ path }: Route, own: string): string {
  const below = `${path.replace(/\/?\*$/, '')}${STATE_PATH}`
  return fits(path, below) ? below : own
}

/** A rule whose service has left the catalog; the next look takes it away. */
const nobodyHere = (): Answer => ({
  statusCode: 404,
  statusDescription: '404 Not Found',
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'No service has this path.\n',
  isBase64Encoded: false,
})
