import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { Workplace } from '../kits/deployments.ts'
import {
  ann,
  as,
  boundsOf,
  DATABASE,
  handCatalog,
  movesOf,
  NOTHING,
  openNight,
  statusOf,
  WHOLE,
} from '../kits/hands.ts'
import { expectInvariants } from '../kits/invariants.ts'
import type { Night } from '../kits/nights.ts'
import { beyondOperators } from '../kits/operator.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const CLASS = 'db.t4g.small'
const STACK = 'DevService-payments.template.json'

/** The assembly of a catalog with a larger database for `payments`. */
async function larger(catalog: string): Promise<string> {
  const assembly = temporaryDirectory()
  cpSync(await templatesOf(catalog), assembly, { recursive: true })
  const file = join(assembly, STACK)
  const text = readFileSync(file, 'utf8')
  const changed = text.replace('"db.t4g.micro"', `"${CLASS}"`)
  if (changed === text) throw new Error(`${STACK} has no database`)
  writeFileSync(file, changed)
  return assembly
}

async function classOf({ stage }: Night): Promise<string | undefined> {
  const { DBInstances } = await stage.call<{ DBInstances: { DBInstanceClass: string }[] }>(
    'rds',
    'DescribeDBInstances',
    { DBInstanceIdentifier: DATABASE },
  )
  return DBInstances[0]?.DBInstanceClass
}

describe('npx caretaker environment deploy while everything sleeps', () => {
  it('starts the database that it changes and has it put back, and the morning has new bounds', async () => {
    const night = await openNight(handCatalog())
    await night.until('2026-03-02T23:00')
    expect([await statusOf(night), await boundsOf(night)]).toEqual(['stopped', [[0, 3, true]]])
    const before = night.calls
    const workplace = Workplace.at(night.stage.simulation)
    const catalog = handCatalog('act', '{ min: 4, max: 6 }')
    expect(await workplace.deploy(catalog, await larger(catalog))).toBe(true)
    expect(workplace.said).toEqual(
      expect.arrayContaining([
        `${DATABASE} is stopped: it is started, which takes some minutes.`,
        `${DATABASE} is available.`,
        'products sleeps: it wakes with 4 to 6 tasks',
        `${DATABASE}: Caretaker puts it back as its schedule says.`,
      ]),
    )
    expect(await classOf(night)).toBe(CLASS)
    expect([await night.sizes(), await boundsOf(night)]).toEqual([NOTHING, [[0, 6, true]]])

    await night.stage.minutes(20)
    expect(await statusOf(night)).toBe('stopped')
    expect(night.changes(before)).toEqual([`StopDBInstance ${DATABASE}`])
    await night.until('2026-03-03T07:30')
    expect(await night.sizes()).toEqual({ ...WHOLE, products: '4/4' })
    expect([await statusOf(night), await boundsOf(night)]).toEqual(['available', [[4, 6, false]]])
    expect(beyondOperators(night.stage.simulation, 'ann')).toEqual([])
    expectInvariants(night.recording)
  })

  it('stops again what a person had stopped', async () => {
    const night = await openNight(handCatalog())
    await night.until('2026-03-02T12:00')
    const caller = await ann(night)
    await as(caller, night, 'rds', 'StopDBInstance', { DBInstanceIdentifier: DATABASE })
    await night.stage.minutes(20)
    const before = night.calls
    const workplace = Workplace.at(night.stage.simulation)
    const catalog = handCatalog()
    expect(await workplace.deploy(catalog, await larger(catalog))).toBe(true)
    expect(workplace.said.at(-1)).toBe(`${DATABASE} is stopped again.`)
    await night.until('2026-03-02T19:00')
    expect([await statusOf(night), await classOf(night)]).toEqual(['stopped', CLASS])
    expect(movesOf('DBInstance', night, before)).toEqual([])
  })
})

describe('npx caretaker environment destroy while everything sleeps', () => {
  it('starts the databases that leave a final snapshot, before any stack is deleted', async () => {
    const night = await openNight(handCatalog())
    await night.until('2026-03-02T23:00')
    const workplace = Workplace.at(night.stage.simulation)
    let status: string | undefined
    workplace.meanwhile = async () => {
      status = await statusOf(night)
    }
    expect(await workplace.destroy(handCatalog())).toBe(true)
    expect(status).toBe('available')
    expect(workplace.said).toContain(`${DATABASE} is available.`)
    expect(workplace.states).toEqual({})
  })
})
