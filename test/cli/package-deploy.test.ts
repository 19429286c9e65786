import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { localCdk } from '../../local/cloudformation/cdk.ts'
import { Desk } from '../kits/desk.ts'
import { packageHome } from '../kits/package.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/**
 * `environment deploy` as the installed package runs it: a process of its own in a folder that has a
 * catalog and nothing else, on the simulated AWS. The CDK's program stands where npm puts it, and
 * tells this test what it was asked; what CloudFormation would do then is done here.
 */
let desk: Desk
let home = ''
let cdk: Server
/** How the CDK was run, and where. */
const ran: { words: string[]; cwd: string }[] = []

const PROGRAM = `const [, , ...words] = process.argv
const body = JSON.stringify({ words, cwd: process.cwd() })
const answer = await fetch(process.env.CDK_TOLD, { method: 'POST', body })
if (!answer.ok) throw new Error(await answer.text())
`

beforeAll(async () => {
  desk = await Desk.open()
  home = await packageHome()
  const program = join(home, 'node_modules', 'aws-cdk', 'bin')
  mkdirSync(program, { recursive: true })
  writeFileSync(join(program, '..', 'package.json'), '{ "type": "module" }')
  writeFileSync(join(program, 'cdk'), PROGRAM)
  const { simulation } = desk.stage
  const local = localCdk(simulation.aws, simulation.cloudFormation)
  cdk = createServer(async (request, response) => {
    const asked = (await json(request)) as (typeof ran)[number]
    ran.push(asked)
    try {
      await local(asked.words)
      response.end()
    } catch (error) {
      response.writeHead(500).end((error as Error).message)
    }
  })
  await new Promise<void>((resolve) => cdk.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  cdk?.close()
  await desk?.close()
})

/** A team's own folder, with the catalog that stands. */
function folderOf(orders: string): string {
  const folder = temporaryDirectory()
  cpSync('catalog', join(folder, 'catalog'), { recursive: true })
  const file = join(folder, 'catalog', 'services', 'orders.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}${orders}`)
  return folder
}

async function deployIn(cwd: string) {
  const env = {
    ...{ PATH: process.env.PATH, HOME: cwd, AWS_ENDPOINT_URL: desk.url },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' },
    CDK_TOLD: `http://127.0.0.1:${(cdk.address() as AddressInfo).port}/`,
  }
  const words = [
    join(process.cwd(), home, 'cli', 'caretaker.mjs'),
    'environment',
    'deploy',
    '--yes',
  ]
  const child = spawn(process.execPath, words, { cwd, env })
  const [out, told, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('exit', resolve)),
  ])
  return { code, out, told }
}

it('has the CDK deploy the assembly of the folder, the changed stack alone, and it is so then', async () => {
  desk.stage.push()
  await desk.stage.minutes(8)
  const runs = (await desk.stage.service('orders')).running
  const folder = folderOf('cpu: 512\nmemory: 1024\n')
  const { code, out, told } = await deployIn(folder)
  expect({ code, told }).toEqual({ code: 0, told: '' })
  expect(out).toMatch(/DevService-orders/)
  expect(ran.map(({ words: [verb] }) => verb)).toEqual(['diff', 'deploy'])
  const [, { words = [], cwd = '' } = {}] = ran
  expect(cwd).toBe(folder)
  expect(words[1]).toBe('DevService-orders')
  const app = words[words.indexOf('--app') + 1] ?? ''
  expect(
    existsSync(join(folder, app, 'manifest.json')) || existsSync(join(app, 'manifest.json')),
  ).toBe(true)
  expect(words).toEqual(expect.arrayContaining(['--exclusively', '--no-notices']))
  // What runs stays what runs: the roll-out's image is given as the stack's parameter.
  expect(words.some((word) => word.startsWith('DevService-orders:'))).toBe(true)
  await desk.stage.minutes(10)
  expect((await desk.stage.service('orders')).running).toEqual(runs)
})
