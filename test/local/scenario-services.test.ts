import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { play } from '../../local/scenario/play.ts'
import { readScenario } from '../../local/scenario/read.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

function script(steps: string, head = '') {
  const path = join(temporaryDirectory(), 'scenario.yaml')
  writeFileSync(path, `name: services\n${head}steps:\n${steps}`)
  return readScenario(path)
}

async function played(steps: string, head?: string): Promise<string[]> {
  const { failures } = await play(script(steps, head), { seed: 1 })
  return failures.map(({ problem }) => problem)
}

const JOIN = `
  - at: +1m
    push: { repository: orders, tag: main }
  - at: +10m
    join:
      service: ledger
      like: orders
      sidecars: [{ name: exporter, essential: false, image: { behaviour: crashes, exitCode: 3 } }]
      tags: { caretaker:owner: ordering }
`

describe('a scenario', () => {
  it('adds a service by hand, with containers that behave each in its own way', async () => {
    const steps = `${JOIN}
  - at: +11m
    expect: { service: ledger, running: second, tasks: 1, healthy: true, within: 5m }
  - at: +20m
    push: { repository: ledger, tag: main, image: { behaviour: healthy } }
  - at: +21m
    expect: { service: ledger, running: third, verdicts: [deployed, deployed], within: 10m }
  - at: +40m
    expect:
      service: ledger
      revision:
        family: ledger
        containerDefinitions: [{ name: exporter, essential: false }, { name: ledger }]
  - at: +40m
    expect: { service: ledger, revision: { cpu: "1", containerDefinitions: [{ name: none }] } }
`
    const problems = await played(steps)
    expect(problems).toEqual([
      expect.stringMatching(/^ledger revision.cpu: expected "1", found "\d+"$/),
      'ledger revision.containerDefinitions[none]: expected {"name":"none"}, found nothing',
    ])
  })

  it('says that something has not come within its time, and goes on with the next step then', async () => {
    const steps = `
  - at: +1m
    push: { repository: orders, tag: main, image: { behaviour: never-starts } }
  - at: +2m
    expect: { service: orders, running: first, within: 5m }
  - at: +3m
    push: { repository: orders, tag: main }
  - at: +4m
    expect: { service: orders, running: second, within: 20m }
`
    expect(await played(steps)).toEqual([expect.stringContaining('orders running: expected first')])
  })

  it('holds all words of a message against what was told', async () => {
    const steps = `
  - at: +1m
    push: { repository: orders, tag: main }
  - at: +10m
    expect: { messages: [{ exactly: orders runs, count: 0 }, { text: orders }] }
  - at: +10m
    expect: { messages: [{ exactly: orders }] }
`
    expect(await played(steps)).toEqual([
      'messages that say “orders”: expected at least 1, found 0',
    ])
  })

  it('stops tasks of a service, which gets others', async () => {
    const steps = `
  - at: +1m
    push: { repository: orders, tag: main }
  - at: +10m
    stopTask: { service: orders, reason: to see what happens }
  - at: +10m
    stopTask: { service: orders, count: 5 }
  - at: +11m
    expect: { service: orders, running: first, healthy: true, within: 5m }
`
    expect(await played(steps)).toEqual([
      expect.stringMatching(/^stopTask: orders has \d tasks that run, and not 5$/),
    ])
  })

  it('has images replicated from another registry, which no push tells of: the sweep finds them', async () => {
    const steps = `
  - at: +1m
    push: { repository: orders, tag: main }
  - at: +20m
    push: { repository: orders, tag: main, replicated: { account: "210987654321", region: eu-west-1 } }
  - at: +21m
    expect: { service: orders, running: second, verdicts: [deployed, deployed], within: 15m }
`
    const { failures, simulation } = await play(script(steps), { seed: 1 })
    expect(failures).toEqual([])
    expect(simulation.records.verdicts.filter(({ service }) => service === 'orders')).toHaveLength(
      2,
    )
  })

  it('does something at a local time, and says when an event happened', async () => {
    const zone = 'start: 2026-03-02T09:00:00Z\n'
    const steps = `
  - at: 2026-03-02T11:30
    push: { repository: orders, tag: main }
  - at: 2026-03-02T10:29:00Z
    expect: { service: orders, verdicts: [] }
  - at: 2026-03-02T10:45:00Z
    expect: { service: orders, verdicts: [deployed] }
  - at: 2026-03-02T12:00
    event: { source: a.b, detail-type: c, detail: {}, time: 2026-03-02T10:50:00Z }
`
    const { failures, simulation } = await play(script(steps, zone), { seed: 1 })
    expect(failures).toEqual([])
    expect(simulation.world.date.toISOString()).toBe('2026-03-02T11:00:00.000Z')
  })

  it.each([
    ['join: { service: ledger, like: nobody }', /join.like: found "?nobody/],
    [
      'join: { service: web, like: orders }',
      /join.service: found "?web.*a name that no service has/,
    ],
    ['join: { service: Ledger, like: orders }', /small letters, digits and -/],
    ['stopTask: { service: ledger }', /stopTask.service: found "?ledger/],
    ['stopTask: { service: orders, count: 0 }', /how many of its tasks/],
    ['interrupt: { service: ledger }', /interrupt.service: found "?ledger/],
    ['shortage: { type: t3.large, for: 10m }', /zone unless the type is FARGATE or FARGATE_SPOT/],
    ['expect: { service: orders, within: soon }', /a duration/],
    ['expect: { within: 5m, running: first }', /add `service`/],
    [
      'push: { repository: orders, tag: main, replicated: { account: 1, region: eu-west-1 } }',
      /replicated\.account: found .*twelve digits/,
    ],
    ['push: { repository: ledger, tag: main }', /push.repository: found "?ledger/],
  ])('that is wrong says where, and what is allowed: %s', (step, words) => {
    expect(() => script(`  - at: +1m\n    ${step}\n`)).toThrow(words)
  })

  it('with a local time that there is none says what is allowed', () => {
    expect(() => script('  - at: 2026-13-02T11:30\n    faults: { lose: 0 }\n')).toThrow(
      /a local time \(2026-03-02T18:00\)/,
    )
  })
})

describe('Fargate', () => {
  const SPOT = `${JOIN}
  - at: +15m
    call:
      service: ecs
      operation: UpdateService
      input:
        cluster: dev-backend
        service: ledger
        capacityProviderStrategy: [{ capacityProvider: FARGATE_SPOT, weight: 1 }]
        forceNewDeployment: true
`

  it('takes a Spot task back: it is told two minutes before, and another takes its place', async () => {
    const steps = `${SPOT}
  - at: +30m
    interrupt: { service: ledger }
  - at: +31m
    expect: { service: ledger, tasks: 1, healthy: true, within: 3m }
`
    const { failures, simulation } = await play(script(steps), { seed: 1 })
    expect(failures).toEqual([])
    // Nothing of it was an image's.
    const of = simulation.records.verdicts.filter(({ service }) => service === 'ledger')
    expect(of.map(({ verdict }) => verdict)).toEqual(['deployed'])
  })

  it.each([
    ['for a while: a roll-out waits for it', '20m', '+49m', '+50m'],
    [
      'for hours: what ran before runs on, and the image when there is some',
      '2h',
      '+2h29m',
      '+2h30m',
    ],
  ])('has no Spot capacity %s', async (_, span, still, again) => {
    const steps = `${SPOT}
  - at: +30m
    shortage: { type: FARGATE_SPOT, for: ${span} }
  - at: +31m
    push: { repository: ledger, tag: main }
  - at: ${still}
    expect: { service: ledger, running: second, verdicts: [deployed] }
  - at: ${again}
    expect: { service: ledger, running: third, verdicts: [deployed, deployed], within: 10m }
`
    expect(await played(steps)).toEqual([])
  })

  it('has none in one zone alone: tasks are placed in the others', async () => {
    const steps = `${SPOT}
  - at: +30m
    shortage: { type: FARGATE_SPOT, zone: eu-central-1a, for: 2h }
  - at: +31m
    push: { repository: ledger, tag: main }
  - at: +32m
    expect: { service: ledger, running: third, within: 10m }
`
    expect(await played(steps)).toEqual([])
  })

  it('of a service that has none on Spot there is nothing to take back', async () => {
    const steps = `
  - at: +1m
    push: { repository: payments, tag: main }
  - at: +2m
    interrupt: { service: payments }
`
    expect(await played(steps)).toEqual([
      'interrupt: NothingOnSpot: no task of payments runs on FARGATE_SPOT',
    ])
  })
})
