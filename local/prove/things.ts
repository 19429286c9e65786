import { MADE_TYPES } from '../scenario/made.ts'
import type { Event, Happening } from './history.ts'
import { HOUR, MINUTE } from './lengths.ts'
import { serviceOf } from './pushes.ts'

const ALARMS = ['errors', 'latency', 'restarts', 'tasks-missing', 'unhealthy', 'cpu']

/** An alarm turns red, as though its metric said so, and mostly green again. */
export const alarm: Happening = (plot, at) => {
  const { dice, catalog } = plot
  const name = `${catalog.environment.name}-${serviceOf(plot).name}-${dice.pick('alarm', ALARMS)}`
  const set = (StateValue: string, when: number): Event => ({
    at: when,
    call: {
      ...{ service: 'cloudwatch', operation: 'SetAlarmState' },
      input: { AlarmName: name, StateValue, StateReason: 'its metric' },
    },
  })
  const over = at + Math.round(2 * MINUTE * 90 ** dice.share('red for'))
  return [set('ALARM', at), ...(over < plot.until ? [set('OK', over)] : [])]
}

export const spend: Happening = ({ dice }, at) => {
  const team = dice.pick('spender', ['ordering', 'storefront', undefined])
  const usd = dice.pick('usd', [90, 140, 180, 230, 260, 420, 700])
  const seenAfter = dice.pick('seen', ['1m', '10m', '2h'])
  const forecast = dice.pick('forecast', ['none', usd * 2] as const)
  return [{ at, spend: { ...(team && { team }), usd, seenAfter, forecast } }]
}

const SOME_TAGS = [
  {},
  { stage: 'keep', 'cost-center': '4711' },
  { stage: 'wrong' },
  { 'caretaker:owner': 'ordering', 'cost-center': '4711' },
  { project: 'x' },
]

/** Somebody makes something, with the tags that come to mind. */
export const create: Happening = ({ dice }, at) => {
  const type = dice.weighted('made', [
    [5, 'instance'],
    [3, 'queue'],
    ...MADE_TYPES.map((one) => [0.5, one] as const),
  ] as const)
  const name = `made-${dice.whole('made name', 1, 9_999)}`
  const by = dice.pick('maker', ['ann@example.com', 'bob@example.com', 'GitHubActions'])
  return [{ at, create: { type, name, by, tags: dice.pick('tags', SOME_TAGS) } }]
}

/** A visitor, who may come while it sleeps, and looks again. */
export const visit: Happening = ({ dice, catalog }, at) => {
  const routed = catalog.services.filter(({ route }) => route !== undefined)
  if (routed.length === 0) return []
  const url = dice.pick('visited', routed).route?.paths[0]?.replace('*', 'x') ?? '/'
  return [0, 5_000, 90_000, HOUR].map((later) => ({ at: at + later, request: { url } }))
}
