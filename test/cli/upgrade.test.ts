import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { Workplace } from '../kits/deployments.ts'
import { BAD, GOOD } from '../kits/roll-outs.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/**
 * What `npx caretaker environment synth` of the commit 80d5e1b made of its catalog with `parts.accessLogs: false`
 * (AWS refuses the bucket it had for them): templates, functions, manifest; JSON, the text of each
 * file by its path, compressed with Brotli.
 */
const ASSEMBLY = 'test/cli/assembly-80d5e1b.json.br'

function assembly(): string {
  const directory = temporaryDirectory()
  const files = JSON.parse(brotliDecompressSync(readFileSync(ASSEMBLY)).toString()) as Record<
    string,
    string
  >
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

/** AWS asks for rights at revisions and deployments that 80d5e1b did not give; an operator has. */
async function grantByHand({ aws }: Simulation): Promise<void> {
  const ana: Caller = { kind: 'person', name: 'ana' }
  type Roles = { Roles: { RoleName: string }[] }
  const { Roles } = await aws.call<Roles>('iam', 'ListRoles', {}, ana)
  const statement = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' }
  for (const { RoleName } of Roles.filter((role) =>
    /rollout.*(roll-?out|deployment)role/i.test(role.RoleName),
  )) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    const input = { RoleName, PolicyName: 'by-hand', PolicyDocument }
    await aws.call('iam', 'PutRolePolicy', input, ana)
  }
}

/** An account where 80d5e1b is deployed, and runs an image that its roll-out has proven. */
async function account() {
  const workplace = await Workplace.withCatalog('catalog', assembly())
  const { simulation } = workplace
  const push = (image: ImageDescription = GOOD) =>
    simulation.ecr.push({ repository: 'orders', tag: 'main', image })
  const minutes = (count: number) => simulation.world.run(count * 60_000)
  // An image with several platforms is pushed part by part, and each part is an event without a
  // tag, of which 80d5e1b made a record.
  const verdicts = () =>
    simulation.records.verdicts
      .map(({ verdict }) => verdict)
      .filter((verdict) => verdict !== 'not-taken')
  await grantByHand(simulation)
  push()
  await minutes(10)
  expect(verdicts()).toEqual(['deployed'])
  return { workplace, simulation, push, minutes, verdicts }
}

describe('from the templates of 80d5e1b to those of today', () => {
  it('deploys, leaves what runs as it is, and has nothing to do afterwards', async () => {
    const { workplace, push, minutes, verdicts } = await account()
    expect(await workplace.deploy('catalog')).toBe(true)
    workplace.said.length = 0
    await workplace.deploy('catalog')
    expect(workplace.said).toEqual(['Nothing to deploy: dev is as the catalog says.'])
    push()
    await minutes(15)
    expect(verdicts()).toEqual(['deployed', 'deployed'])
  })

  it.each([
    ['a good image whose tasks start', GOOD, 0.2, 'deployed'],
    ['a good image that bakes', GOOD, 2.5, 'deployed'],
    ['a bad image', BAD, 0.5, 'rolled-back'],
  ] as const)('not while a roll-out is under way, of %s, but after it', async (...story) => {
    const [, image, after, verdict] = story
    const { workplace, push, minutes, verdicts } = await account()
    push(image)
    await minutes(after)
    await expect(workplace.deploy('catalog')).rejects.toThrow('orders: a roll-out is under way')
    await minutes(15)
    expect(verdicts()).toEqual(['deployed', verdict])
    expect(await workplace.deploy('catalog')).toBe(true)
    await minutes(15)
    expect(verdicts(), 'what 80d5e1b remembered is known').toEqual(['deployed', verdict])
    push()
    await minutes(15)
    expect(verdicts()).toEqual(['deployed', verdict, 'deployed'])
  })
})
