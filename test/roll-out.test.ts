import { readdirSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { report } from '../local/report.ts'
import { play } from '../local/scenario/play.ts'
import { readScenario } from '../local/scenario/read.ts'
import { BAD, GOOD, Stage } from './helpers/roll-outs.ts'

const scenarios = readdirSync('test/scenarios').filter((name) => name.endsWith('.yaml'))

describe('stories', () => {
  test.each(scenarios)('%s', async (name) => {
    const script = readScenario(`test/scenarios/${name}`)
    const { failures } = await play(script, { seed: script.seed ?? 1 })
    expect(failures).toEqual([])
  })
})

describe('two runs of one seed', () => {
  const told = async (seed: number) => {
    const stage = await Stage.open({ seed, faults: { lose: 0.3, duplicate: 0.3, delay: 0.3 } })
    stage.push(GOOD)
    await stage.minutes(20)
    stage.push(BAD)
    stage.push(GOOD, 'web')
    await stage.minutes(40)
    return { report: JSON.stringify(await report(stage.simulation)), logs: await stage.logs() }
  }

  it('are the same, byte for byte, down to the last line of log', async () => {
    const first = await told(7)
    const second = await told(7)
    expect(second.report).toBe(first.report)
    expect(second.logs).toEqual(first.logs)
    expect(first.logs.length).toBeGreaterThan(50)
    expect((await told(8)).report).not.toBe(first.report)
  })
})

describe('Slack', () => {
  it('keeps editing the one message when the answer to its posting was lost', async () => {
    const stage = await Stage.open()
    const { slack } = stage.simulation
    slack.lostAnswers = 1
    stage.push(GOOD)
    await stage.minutes(20)
    expect(slack.messages.map(({ text }) => text)).toEqual([expect.stringContaining('orders runs')])
  })
})
