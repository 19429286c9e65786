import type { Logger } from '@aws-lambda-powertools/logger'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { countsFrom, idleStep, unusedSince } from '../../domain/sleep/idle.ts'
import {
  idleDue,
  idleEnds,
  idleOverride,
  maySleep,
  notIdleAfterAll,
  type Scene,
} from '../../domain/sleep/idle-due.ts'
import type { Named } from '../../domain/sleep/overrides.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import { idleKey } from '../../domain/table/keys.ts'
import type { Idle, Sleeper } from '../../domain/table/sleeper.ts'
import { cut } from '../../domain/text.ts'
import { epochSeconds } from '../../domain/time.ts'
import { edgeOf } from '../shared/sleep/edges.ts'
import type { Judge } from '../shared/sleep/look.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'
import { type MetricSources, measure, type Use } from './measure.ts'

export type IdleSources = Omit<MetricSources, 'environment'> & {
  table: Table
  catalog: CompiledCatalog
  log: Logger
}

/** What a look has found out about use. */
export type Judged = {
  /** Resources of which what is kept has changed. */
  changed: Set<string>
  /** What people were told sleeps, and does not: why. */
  over: { id: string; idle: Idle; why: string }[]
}

/** What never starts by its schedule is woken after so long: an order always has an end. */
const LONGEST_MS = 7 * 24 * 60 * 60_000
const DAY_SECONDS = 24 * 60 * 60
const REASON_CHARACTERS = 200

/**
 * Looks at the metrics of what may be unused, where it is time to: people are told half an hour
 * before, and what is unused still at that time sleeps.
 *
 * @param judged is filled.
 */
export function idleJudge(sources: IdleSources, judged: Judged): Judge {
  return async (scene) => {
    const { read } = scene
    const sleepers = new Map(read.sleepers)
    const set = ({ seen: { id } }: Known, idle: Idle): void => {
      const before = read.sleepers.get(id)
      if (before === undefined) return
      sleepers.set(id, { ...before, idle })
      judged.changed.add(id)
    }
    const told = notIdleAfterAll(scene)
    for (const { known, why } of told) forget(judged, set, known, why)
    const ended = await endAll(sources, scene)
    const due = idleDue(scene).filter((one) => !told.some(({ known }) => known === one))
    const orders = await judgeDue(sources, scene, due, (one, step) => {
      if (step.do === 'used' && one.kept.idle?.sleeps !== undefined) {
        forget(judged, () => {}, one, 'it is used, or its metrics are not whole')
      }
      set(one, step.idle)
    })
    if (judged.changed.size + ended.size + orders.length === 0) return undefined
    const names = new Set(orders.map(({ id }) => id))
    const others = read.overrides
      .filter(({ id }) => !names.has(id))
      .map((one) => ended.get(one.id) ?? one)
    return { sleepers, overrides: [...others, ...orders] }
  }
}

function forget(
  { over }: Judged,
  set: (known: Known, idle: Idle) => void,
  known: Known,
  why: string,
): void {
  const { idle, rest, moving } = known.kept
  if (idle === undefined) return
  set(known, { used: idle.used })
  // It sleeps: that is what was told.
  if (rest === 'asleep' || moving?.to === 'asleep') return
  over.push({ id: known.seen.id, idle, why: cut(why, REASON_CHARACTERS) })
}

/** Somebody wants it awake: it sleeps no more when that has ended, unless it is unused again. */
async function endAll({ table }: IdleSources, scene: Scene): Promise<Map<string, Named>> {
  const at = scene.now.toISOString()
  const ended = new Map<string, Named>()
  for (const { order, by } of idleEnds(scene)) {
    const own = { at, by: cut(by, REASON_CHARACTERS) }
    await updateItem(table, {
      key: idleKey(order.resource ?? ''),
      expression: 'SET ended = :ended',
      condition: 'attribute_exists(pk)',
      values: { ':ended': own },
    })
    ended.set(order.id, { ...order, ended: own })
  }
  return ended
}

/** @returns the orders of what sleeps now. */
async function judgeDue(
  sources: IdleSources,
  scene: Scene,
  due: readonly Known[],
  say: (one: Known, step: ReturnType<typeof idleStep>) => void,
): Promise<Named[]> {
  if (due.length === 0) return []
  const { now } = scene
  const uses = await usesOf(sources, due, now)
  const steps = due.map((one) => ({ one, step: stepOf(one, uses.get(one.seen.id), now) }))
  const unused = steps.filter(({ step }) => step.do !== 'used').map(({ one }) => one)
  const may = maySleep(unused, scene)
  const orders: Named[] = []
  for (const { one, step } of steps) {
    const { id } = one.seen
    sources.log.info('decided', {
      resource: id,
      idle: may.has(id) ? step.do : 'used',
      ...step.idle,
    })
    // What needs it is used, if it is not itself.
    if (step.do !== 'used' && !may.has(id)) continue
    if (step.do === 'sleep') orders.push(await order(sources, one, step.idle, now))
    say(one, step)
  }
  return orders
}

function stepOf({ seen, kept }: Known, use: Use | undefined, now: Date) {
  const from = fromOf({ seen, kept }, now)
  // What cannot be read proves nothing: its whole time begins anew.
  const found = use === undefined ? now : unusedSince(use.measured, from, now)
  // The look before has seen that nobody has used it until then.
  const isAsTold = kept.idle?.sleeps !== undefined && found <= from
  const since = isAsTold ? countsFrom(seen, kept) : found
  return idleStep(kept.idle, { seconds: secondsOf(seen), since, what: use?.what ?? '' }, now)
}

const secondsOf = ({ idle }: Known['seen']): number => (typeof idle === 'number' ? idle : 0)

/** From when on its metrics are read: no further back than it takes to call it unused. */
function fromOf({ seen, kept }: Pick<Known, 'seen' | 'kept'>, now: Date): Date {
  const needed = now.getTime() - secondsOf(seen) * 1000
  return new Date(Math.max(countsFrom(seen, kept).getTime(), needed))
}

/** What could not be read, or not whole, is nobody's: none of them then. */
async function usesOf(
  sources: IdleSources,
  due: readonly Known[],
  now: Date,
): Promise<Map<string, Use>> {
  const asking = due.map((one) => ({ seen: one.seen, from: fromOf(one, now) }))
  try {
    return await measure({ ...sources, environment: sources.catalog.environment }, asking, now)
  } catch (error) {
    sources.log.error('whether anybody uses it cannot be read', {
      resources: due.map(({ seen: { id } }) => id),
      error,
    })
    return new Map()
  }
}

/** Written before what is kept: whoever repeats this look writes the same. */
async function order(
  { table, catalog }: IdleSources,
  one: Known,
  { sleeps = '', why = '' }: Idle,
  now: Date,
): Promise<Named> {
  const latest = new Date(now.getTime() + LONGEST_MS)
  const starts = edgeOf(catalog, [one], 'running', now)
  const until = starts === undefined || starts > latest ? latest : starts
  const named = idleOverride(one.seen, { from: sleeps, until: until.toISOString(), why })
  const { id: _, ...item } = named
  const expires = epochSeconds(until) + DAY_SECONDS
  await putItem(table, { item: { ...idleKey(one.seen.id), ...item, expires } })
  return named
}

/** What is kept of those whose use is known better now. */
export const withIdle = (
  known: readonly Known[],
  { changed }: Judged,
): [id: string, kept: Sleeper][] =>
  known.flatMap(({ seen: { id }, kept }) => (changed.has(id) ? [[id, kept]] : []))
