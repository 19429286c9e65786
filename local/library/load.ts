import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deploy } from '../cloudformation/deploy.ts'
import { Account } from '../simulation/account.ts'
import { standIns } from './function-code.ts'
import { LocalAws } from './local-aws.ts'
import type { CloudAssembly, LoadOptions } from './types.ts'

/** This file is what `caretaker/local-aws` is; its types are these. */
export type { LocalAws } from './local-aws.ts'
export type * from './types.ts'

/** What the stacks of an app take to deploy, with a database of their own. */
const DEPLOYMENT_MILLISECONDS = 60 * 60_000
const MONDAY_MORNING = '2026-03-02T09:00:00Z'

/**
 * Loads the stacks of a CDK app (`app.synth()`, or the path of a `cdk.out`) into a simulated AWS
 * account of their Region: as AWS would stand after `cdk deploy --all`, at `start`.
 *
 * @throws Error (`TemplateError`) naming stack, resource and property for what cannot be loaded:
 *   what the local AWS does not simulate is refused by name (docs/local-aws.md).
 */
export async function load(
  assembly: CloudAssembly | string,
  options: LoadOptions = {},
): Promise<LocalAws> {
  const directory = typeof assembly === 'string' ? assembly : assembly.directory
  const start = new Date(options.start ?? MONDAY_MORNING)
  if (Number.isNaN(start.getTime())) {
    throw new TypeError(`start: found ${JSON.stringify(options.start)}, allowed: an instant`)
  }
  const code = standIns(options.functions ?? {})
  const account = new Account({
    seed: options.seed ?? 1,
    begin: new Date(start.getTime() - DEPLOYMENT_MILLISECONDS),
    standIn: code.of,
    ...placeOf(directory),
  })
  const { aws, cloudFormation, world } = account
  const deployed = await deploy(aws, directory, {
    publish: (assets) => cloudFormation.publish(assets),
    parameters: structuredClone(options.parameters ?? {}) as Record<string, Record<string, string>>,
  })
  code.check(deployed.stacks.flatMap(({ resources }) => resources))
  cloudFormation.adopt(directory, deployed)
  cloudFormation.bootstrap()
  if (world.now > start.getTime()) {
    throw new Error(`the stacks took longer than ${DEPLOYMENT_MILLISECONDS / 60_000} minutes`)
  }
  await world.runUntil(start)
  // Calls before the start are the deployment's.
  aws.calls.length = 0
  account.invocations.length = 0
  return new LocalAws(account, deployed)
}

type Manifest = { artifacts: Record<string, { type: string; environment?: string }> }

/** The account and Region that the stacks name; those that name none take any. */
function placeOf(directory: string): { region: string; account?: string } {
  const text = readFileSync(join(directory, 'manifest.json'), 'utf8')
  const environments = Object.values((JSON.parse(text) as Manifest).artifacts)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ environment = '' }) => environment.replace('aws://', '').split('/'))
  const known = (part: number) =>
    environments
      .map((one) => one[part])
      .find((one) => one !== undefined && !/^(unknown-|$)/.test(one))
  const [account, region = 'eu-central-1'] = [known(0), known(1)]
  return { region, ...(account === undefined ? {} : { account }) }
}
