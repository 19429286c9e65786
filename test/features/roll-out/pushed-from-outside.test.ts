import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Endpoint, serve } from '../../../local/wire/endpoint.ts'
import { ociImage } from '../../kits/oci.ts'
import { passwordOf } from '../../kits/registry-account.ts'
import { RegistryClient } from '../../kits/registry-client.ts'
import { Stage } from '../../kits/roll-outs.ts'

let stage: Stage
let endpoint: Endpoint
let client: RegistryClient
beforeAll(async () => {
  stage = await Stage.open()
  endpoint = await serve(stage.simulation.aws, { port: 0 })
  client = new RegistryClient(endpoint.url, await passwordOf(stage.simulation))
})
afterAll(() => endpoint.close())

/** Each story goes on where the one before it has ended. */
it('an image that a client pushes into the registry is deployed', async () => {
  const good = ociImage({})
  expect(await client.push('orders', 'main', good)).toBe(good.digest)
  await stage.minutes(10)
  expect(stage.verdicts()).toEqual(['deployed'])
  expect((await stage.service()).running).toMatchObject({ digest: good.digest, tag: 'main' })
})

it('one whose label says that it crashes is rolled back, for the reason that it gives', async () => {
  const before = (await stage.service()).running?.digest
  const labels = { 'caretaker.behaviour': 'crashes', 'caretaker.exit-code': '3' }
  const bad = await client.push('orders', 'main', ociImage({ program: 'exit 3', labels }))
  await stage.minutes(20)
  expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
  const verdict = stage.simulation.records.verdicts.at(-1)
  expect(verdict).toMatchObject({ digest: bad, reason: expect.stringContaining('exit code 3') })
  expect((await stage.service()).running?.digest).toBe(before)
})

it('one for another processor is refused before anything starts', async () => {
  const amd64 = ociImage({ architecture: 'amd64', program: 'yes' })
  await client.push('orders', 'main', amd64)
  await stage.minutes(5)
  expect(stage.verdicts().at(-1)).toBe('refused')
})
