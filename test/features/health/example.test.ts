import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { serve } from '../../../local/wire/endpoint.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const run = promisify(execFile)

it("the page's example finds a service as its callers do, and says how its circuit stands", async () => {
  const stage = await Stage.open()
  stage.push(GOOD)
  await stage.minutes(5)
  const { aws, world } = stage.simulation
  const endpoint = await serve(aws, {
    port: 0,
    run: async (work) => {
      const answer = work()
      await world.settle()
      return answer
    },
  })
  const words = ['docs/examples/discover.mjs', 'orders', '--endpoint-url', endpoint.url]
  const { stdout } = await run(process.execPath, words, {
    env: {
      ...process.env,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'somebody',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  }).finally(() => endpoint.close())
  expect(JSON.parse(stdout)).toEqual({
    instances: [expect.stringMatching(/^10\.20\./)],
    circuit: { state: 'closed', since: '', reason: '' },
  })
})
