import type { Aws } from '../aws/aws.ts'
import type { World } from '../aws/world.ts'
import { type Assembly, readAssembly } from './assembly.ts'
import type { Wait } from './context.ts'
import type { Deployed, DeployedStack } from './deployed.ts'
import { isUnknownType } from './not-simulated.ts'
import { deployStack } from './stack.ts'

type DeployOptions = {
  /**
   * How simulated time passes while AWS would be waited for. By default the world is run, which
   * only code outside it can do; inside (a step of a scenario) give `world.sleep`.
   */
  wait?: Wait
  /** Called with the place of assets before any resource is made: Lambda reads a function's code at once. */
  publish?: (assets: Assembly['assets']) => void
  /** Values of parameters by stack and name, as `cdk deploy --parameters <stack>:<name>=<value>`. */
  parameters?: Record<string, Record<string, string>>
}

/**
 * Loads the CDK's cloud assembly into the simulated account, as `cdk deploy --all` into a real one.
 *
 * @param directory `cdk.out`.
 * @throws TemplateError naming stack, resource and property for what cannot be loaded.
 */
export function deploy(
  aws: Aws,
  directory: string,
  options: DeployOptions = {},
): Promise<Deployed> {
  const nothing = { stacks: [], notSimulated: [], unknown: 0, assets: () => '' }
  return update(aws, nothing, directory, options)
}

/** What is waited for comes about in a moment of the world, so none is looked for before the next. */
export const untilSomethingHappens =
  (world: World): Wait =>
  async (period, most) => {
    await world.settle()
    const next = Math.min((world.next ?? world.now) - world.now, most)
    await world.run(Math.max(1, Math.ceil(next / period)) * period)
  }

/**
 * Deploys changed templates over what `deploy` made: what did not change is not touched, what left
 * the templates is deleted unless it is retained. A change that fails is not rolled back.
 *
 * @throws TemplateError as `deploy`; `NotImplemented` in its cause for a change in place that is
 *   not simulated.
 */
export async function update(
  aws: Aws,
  deployed: Deployed,
  directory: string,
  options: DeployOptions = {},
): Promise<Deployed> {
  const { wait = untilSomethingHappens(aws.world), publish } = options
  const { stacks, assets } = readAssembly(directory, aws)
  publish?.(assets)
  // Stacks the assembly no longer has stay, as they do on AWS until `cdk destroy`.
  const staying = deployed.stacks.filter(({ name }) => !stacks.some((one) => one.name === name))
  const noted = deployed.notSimulated.filter(({ stack }) =>
    staying.some(({ name }) => name === stack),
  )
  const exports = new Map(staying.flatMap((stack) => Object.entries(stack.exports)))
  const done: DeployedStack[] = []
  for (const stack of stacks) {
    const before = deployed.stacks.find(({ name }) => name === stack.name)
    const parameters = { ...stack.parameters, ...options.parameters?.[stack.name] }
    const others = [
      ...done,
      ...deployed.stacks.filter(
        ({ name }) => name !== stack.name && !done.some((one) => one.name === name),
      ),
    ]
    const surroundings = { before, exports, others, wait, noted }
    const after = await deployStack(aws, { ...stack, parameters }, surroundings)
    done.push(after)
    for (const [name, value] of Object.entries(after.exports)) exports.set(name, value)
  }
  const unknown = noted.filter(isUnknownType).length
  return { stacks: [...done, ...staying], notSimulated: noted, unknown, assets }
}
