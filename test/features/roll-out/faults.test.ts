import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { Recording } from '../../../local/invariants/recording.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import type { PushRecord } from '../../../local/views/kept.ts'
import { catalogWith } from '../../kits/catalog.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds. Edges of
// schedules would be changes in the quiet day that these end with.
let catalog: string
beforeAll(async () => {
  const environment = readFileSync('catalog/environment.yaml', 'utf8')
  catalog = catalogWith({ 'environment.yaml': `${environment}\nfeatures: { sleep: off }\n` })
  await templatesOf(catalog)
})

const AWAKE = ['orders', 'web', 'products']
const SLEEPER = 'payments'
/** Runs at night: without an image each run fails, and its alarm says so. */
const JOB = 'nightly-report'
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1)
const READ = /^(Describe|List|Get|BatchGet|Query|Filter|Invoke|SendTask)/

type Pushed = { service: string; digest: string; good: boolean }

/** Pushes good, bad and old images at random, while events are lost, repeated, late, overtaken. */
async function storm(stage: Stage): Promise<Pushed[]> {
  const { world, ecr, faults } = stage.simulation
  const chance = (what: string) => world.random.next(`storm/${what}`)
  const pick = <Item>(what: string, items: readonly Item[]): Item =>
    items[Math.floor(chance(what) * items.length)] as Item
  const rate = () => (chance('rates') < 0.25 ? 1 : chance('rates') * 0.6)
  faults.set({ lose: rate(), duplicate: rate(), delay: rate(), reorder: rate() })
  const pushes: Pushed[] = []
  for (let count = 0; count < 12; count++) {
    const service = pick('service', [...AWAKE, SLEEPER])
    const mine = pushes.filter((push) => push.service === service)
    if (mine.length > 1 && chance('again') < 0.2) {
      const again = pick('which', mine)
      ecr.push({ repository: service, tag: 'main', digest: again.digest })
      pushes.push(again)
    } else {
      const good = service === SLEEPER || chance('good') < 0.7
      pushes.push({ service, good, digest: stage.push(good ? GOOD : BAD, service) })
    }
    // Mostly bursts, sometimes long enough for a roll-out to end.
    await world.run(Math.round(chance('gap') ** 3 * 8 * 60_000))
  }
  faults.set({ lose: 0, duplicate: 0, delay: 0, reorder: 0 })
  return pushes
}

/** A service that has run an image once, and sleeps. */
async function asleep(stage: Stage): Promise<void> {
  stage.push(GOOD, SLEEPER)
  await stage.minutes(5)
  await scale(stage, 0)
}

const scale = (stage: Stage, desiredCount: number) =>
  stage.call('ecs', 'UpdateService', { cluster: 'dev-backend', service: SLEEPER, desiredCount })

/** Whether `part` can be had from `whole` by leaving some out. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let from = 0
  return part.every((item) => {
    from = whole.indexOf(item, from) + 1
    return from > 0
  })
}

/** Roll-outs that were begun, in the order in which they ended. */
const begun = (records: readonly PushRecord[], service: string) =>
  records
    .filter((record) => record.service === service && record.progress !== undefined)
    .toSorted((a, b) => (a.endedAt ?? '').localeCompare(b.endedAt ?? ''))

test.each(SEEDS)(
  'whatever happens to events, everything ends as it was pushed: seed %i',
  async (seed) => {
    const stage = await Stage.open({ seed, catalog })
    const { records, slack, sfn, aws, world } = stage.simulation
    const recording = new Recording(stage.simulation)
    stage.push(GOOD, JOB)
    await asleep(stage)
    const pushes = await storm(stage)
    await stage.minutes(45)

    expectInvariants(recording, { settled: true })
    const all = records.all
    expect(all.filter(({ verdict }) => ['waiting', 'rolling-out'].includes(verdict))).toEqual([])
    // The sweep may be at work at this very moment.
    const failed = sfn.executions.filter(({ status }) => !['SUCCEEDED', 'RUNNING'].includes(status))
    expect(failed.map(({ error, cause }) => [error, cause])).toEqual([])
    for (const service of AWAKE) {
      const mine = pushes.filter((push) => push.service === service)
      const digests = mine.map(({ digest }) => digest)
      const last = mine.at(-1)
      const { running } = await stage.service(service)
      if (last?.good === true) expect(running?.digest, service).toBe(last.digest)
      if (last?.good === false) expect(running?.digest, service).not.toBe(last.digest)
      const started = begun(all, service).map(({ digest }) => digest)
      expect(isWithin(started, digests), `${started} of ${digests}`).toBe(true)
    }
    const rollOuts = all.filter(({ progress }) => progress !== undefined)
    const undone = rollOuts.filter(({ verdict }) => verdict === 'rolled-back')
    expect(stage.calls('RegisterTaskDefinition')).toBe(rollOuts.length)
    const updates = stage.calls('UpdateService')
    expect(updates).toBeGreaterThanOrEqual(rollOuts.length)
    expect(updates).toBeLessThanOrEqual(rollOuts.length + undone.length)

    const keys = slack.messages.map(({ metadata }) => JSON.stringify(metadata))
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.length).toBeGreaterThanOrEqual(rollOuts.length)

    expect((await stage.service(SLEEPER)).running).toBeNull()
    await scale(stage, 1)
    // The sweep finds it awake, and what was staged is watched for two minutes.
    await stage.minutes(12)
    const staged = pushes.findLast(({ service }) => service === SLEEPER)
    const woken = await stage.service(SLEEPER)
    expect(woken).toMatchObject({ healthy: true, asAsked: true })
    if (staged !== undefined) expect(woken.running?.digest).toBe(staged.digest)

    // Events come again up to six hours later, and the first morning has the first sweep of tags.
    const quiet = seed === 1 ? 24 : 0
    await stage.minutes(quiet === 0 ? 0 : 22 * 60)
    const [mark, quietSince] = [aws.calls.length, world.now]
    await stage.minutes(quiet * 60)
    const changing = aws.calls.slice(mark).filter(({ operation }) => !READ.test(operation))
    expect(changing).toEqual([])
    expectInvariants(recording, { settled: true, quietSince })
  },
)
