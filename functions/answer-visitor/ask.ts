import type { SFNClient } from '@aws-sdk/client-sfn'
import { holds, type Named } from '../../domain/sleep/overrides.ts'
import { visitKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { startMachine } from '../shared/start.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

/** The end of the sort key of what visitors of a service have asked for. */
export const visitId = (service: string): string => `visitor#${service}`

/** The machine is started once a minute at the most for one service; a wake is prolonged every five. */
const [START_MS, PROLONG_MS] = [60_000, 5 * 60_000]
const KEPT_SECONDS = 14 * 24 * 60 * 60

export type Wish = {
  service: string
  /** Who asks, where that is known. */
  by?: string | undefined
  /** What visitors have asked for before, if anything. */
  before: Named | undefined
  until: Date
  /** Nothing brings it up yet. */
  mustStart: boolean
  /** This visitor has not been counted. */
  isNew: boolean
}

/**
 * Has a service woken. However many ask, there is one item and one wake: a condition in the table
 * decides who writes, and only that one starts the machine.
 *
 * @returns what holds from now on.
 */
export async function ask(
  { table, sfn, machine }: { table: Table; sfn: SFNClient; machine: string },
  wish: Wish,
  now: Date,
): Promise<Named> {
  const { service, before, until, mustStart, isNew } = wish
  const goesOn = before !== undefined && holds(before, now)
  const item = itemOf(wish, goesOn, now)
  const pause = mustStart || !goesOn ? START_MS : PROLONG_MS
  const isDue = before?.started === undefined || before.started < ago(now, pause)
  if (isDue && (await write(table, item, { goesOn, pause, isNew }, now))) {
    const why = `wake-${service}-${now.toISOString().slice(0, 19)}`
    if (mustStart) await startMachine(sfn, machine, { why: `a visitor of ${service}` }, why)
    return item
  }
  if (isNew) await count(table, service)
  return { ...(before ?? item), until: before?.until ?? until.toISOString() }
}

const ago = (now: Date, milliseconds: number): string =>
  new Date(now.getTime() - milliseconds).toISOString()

function itemOf({ service, by, before, until }: Wish, goesOn: boolean, now: Date): Named {
  const at = now.toISOString()
  return {
    id: visitId(service),
    version: VERSION,
    kind: 'awake',
    source: 'visitor',
    service,
    from: goesOn ? (before?.from ?? at) : at,
    until: until.toISOString(),
    by: by ?? 'a visitor',
    why: '',
    started: at,
    expires: epochSeconds(until) + KEPT_SECONDS,
  }
}

function write(
  table: Table,
  { id: _, visits: __, ...item }: Named,
  { goesOn, pause, isNew }: { goesOn: boolean; pause: number; isNew: boolean },
  now: Date,
): Promise<boolean> {
  const names = Object.keys(item)
  const set = names.map((name) => `#${name} = :${name}`).join(', ')
  const values = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [`:${name}`, value]),
  )
  // What was ended, or has ended, begins anew, and counts its visitors anew.
  const rest = goesOn ? 'ADD visits :one' : 'REMOVE ended, asked'
  const first = goesOn ? '' : ', visits = :one'
  return updateItem(table, {
    key: visitKey(item.service ?? ''),
    expression: `SET ${set}${first} ${rest}`,
    condition: 'attribute_not_exists(started) OR started < :before',
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: { ...values, ':before': ago(now, pause), ':one': isNew || !goesOn ? 1 : 0 },
  })
}

/** Another visitor of a wake that is under way. */
const count = (table: Table, service: string): Promise<boolean> =>
  updateItem(table, {
    key: visitKey(service),
    expression: 'ADD visits :one',
    condition: 'attribute_exists(pk)',
    values: { ':one': 1 },
  })
