import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parametersFor } from '../../../cli/deploy/running.ts'
import { runningServices } from '../../../cli/deploy/services.ts'
import { localCdk } from '../../../local/cloudformation/cdk.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../../local/wire/request-handler.ts'
import { stacksOf } from '../../../scripts/assembly.ts'
import { Workplace } from '../deployments.ts'
import { GOOD, PERSON } from '../roll-outs.ts'
import { temporaryDirectory } from '../temporary.ts'
import type { Stormy } from './stormy.ts'

/** Assemblies by their catalog and the service that has more memory in them. */
const changed = new Map<string, Promise<string>>()

/** A catalog's cloud assembly, in which the tasks of one service have more memory. */
function withMoreMemory(service: string, catalog?: string): Promise<string> {
  const key = `${catalog ?? ''} ${service}`
  const made = changed.get(key) ?? make(service, catalog)
  changed.set(key, made)
  return made
}

async function make(service: string, catalog?: string): Promise<string> {
  const original = await templatesOf(catalog)
  const assembly = join(temporaryDirectory(), 'cdk.out')
  mkdirSync(assembly)
  for (const name of readdirSync(original)) symlinkSync(join(original, name), join(assembly, name))
  const file = join(assembly, `DevService-${service}.template.json`)
  const text = readFileSync(file, 'utf8')
  rmSync(file)
  writeFileSync(file, text.replace(/"Memory":\s*"512"/, '"Memory": "1024"'))
  return assembly
}

/**
 * A deployment with the CDK while images are pushed: by `npx caretaker environment deploy`, which roll-outs wait for,
 * or by `cdk deploy` with what runs at its beginning, which nobody waits for.
 */
export async function deployWithCdk(storm: Stormy, service: string): Promise<void> {
  const { catalog } = storm
  const { simulation } = storm.stage
  const assembly =
    storm.chance('memory') < 0.5
      ? await templatesOf(catalog)
      : await withMoreMemory(service, catalog)
  const after = Math.round(storm.chance('push meanwhile') * 3 * 60_000)
  simulation.world.after(after, 'a push meanwhile', () => {
    storm.stage.push(GOOD, service)
    storm.note(`push meanwhile to ${service}`)
  })
  const byCommand = storm.chance('command') < 0.5
  try {
    if (byCommand) await Workplace.at(simulation).deploy(catalog ?? 'catalog', assembly)
    else await plainly(storm, service, assembly)
    storm.note(`${byCommand ? 'npm run' : 'cdk'} deploy of ${service}`)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (!['Problem', 'TemplateError', 'AwsError'].includes(error.constructor.name)) throw error
    storm.note(`${byCommand ? 'npm run' : 'cdk'} deploy of ${service}: ${error.message}`)
  }
}

async function plainly(storm: Stormy, service: string, assembly: string): Promise<void> {
  const { aws, cloudFormation } = storm.stage.simulation
  const stack = stacksOf(assembly).find(({ name }) => name === `DevService-${service}`)
  if (stack === undefined) throw new Error(`there is no stack of ${service}`)
  const states = runningServices([stack], sdkConfiguration(aws, PERSON))
  // Reads take their latency.
  await storm.stage.minutes(0.1)
  const { running } = (await states).get(stack.name) ?? {}
  const parameters = parametersFor(running, stack.template.Parameters ?? {})
  await localCdk(
    aws,
    cloudFormation,
  )([
    'deploy',
    stack.name,
    ...['--app', assembly, '--exclusively'],
    ...Object.entries(parameters).flatMap(([name, value]) => [
      '--parameters',
      `${stack.name}:${name}=${value}`,
    ]),
  ])
}
