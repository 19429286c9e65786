import { beforeAll, expect, it } from 'vitest'
import { Recording } from '../../local/invariants/recording.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { report } from '../../local/views/report.ts'
import { BAD, GOOD, Stage } from '../kits/roll-outs.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

async function told(isRecorded: boolean) {
  const stage = await Stage.open({ seed: 3, faults: { lose: 0.3, duplicate: 0.5, delay: 0.3 } })
  const recording = isRecorded ? new Recording(stage.simulation) : undefined
  const first = stage.push(GOOD)
  await stage.minutes(10)
  const second = stage.push(BAD)
  await stage.minutes(20)
  return { first, second, recording, report: JSON.stringify(await report(stage.simulation)) }
}

it('changes nothing in what happens, byte for byte', async () => {
  expect((await told(true)).report).toBe((await told(false)).report)
})

it('sees who changed what, for which execution, and what was there before', async () => {
  const { first, second, recording } = await told(true)
  const trace = recording?.trace()
  const changes = trace?.calls.filter(({ operation }) => operation === 'UpdateService') ?? []
  expect(changes.map(({ by, digests, about }) => [by, digests, about?.desired])).toEqual([
    ['machine', [first], 0],
    ['machine', [second], 1],
  ])
  const executions = new Set(trace?.executions.map(({ arn }) => arn))
  expect(changes.every(({ run }) => executions.has(run))).toBe(true)
  expect(trace?.namings.map(({ tag, digest }) => [tag, digest])).toEqual([
    ['main', first],
    ['main', second],
  ])
  const blamed = trace?.tasks.filter(({ failed }) => failed).flatMap(({ digests }) => digests)
  expect(new Set(blamed)).toEqual(new Set([second]))
  expect(trace?.services.find(({ service }) => service === 'dev-backend/orders')).toMatchObject({
    desired: 1,
    running: [first],
  })
  expect(trace?.invocations.every(({ payloadBytes }) => payloadBytes > 0)).toBe(true)
})
