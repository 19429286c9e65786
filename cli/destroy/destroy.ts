import type { Environment } from '../../catalog/schema.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import { type Configuration, checkAccount, whoAmI } from '../deploy/account.ts'
import type { Cdk } from '../deploy/cdk.ts'
import type { Waiting } from '../deploy/clean-up.ts'
import { startDatabases } from '../deploy/databases.ts'
import { type Standing, standingStacks } from '../deploy/standing.ts'
import { snapshotsOf } from '../deploy/template-databases.ts'
import { Problem } from '../problem.ts'
import { type Remains, remainsOf, remove } from './data.ts'

export type DestroyTools = Waiting & {
  cdk: Cdk
  /** What the person types. */
  ask: (question: string) => Promise<string>
}

/**
 * Deletes the environment's stacks, those first that need the others. Data outlives them: buckets,
 * images, files and Caretaker's record as they are, databases as final snapshots; a database that
 * is stopped is started for that.
 *
 * @param deleteData deletes these too, for good.
 * @returns whether it was done.
 * @throws Problem in words.
 */
export async function destroy(
  assembly: string,
  environment: Environment,
  { deleteData }: { deleteData: boolean },
  tools: DestroyTools,
): Promise<boolean> {
  const { configuration, cdk, print } = tools
  const { name, region } = environment
  const identity = await whoAmI(configuration)
  checkAccount(identity, environment)
  const standing = await standingOf(assembly, environment, configuration)
  const before = await remainsOf(configuration, name)
  if (standing.length === 0 && (before.length === 0 || !deleteData)) {
    print(`There is no environment ${name} in account ${identity.account}, ${region}.`)
    return true
  }
  print(
    announcement({ name, where: `account ${identity.account}, ${region}`, standing, deleteData }),
  )
  const typed = await tools.ask(`Type the environment's name to go on:`)
  if (typed !== name) {
    print(`"${typed}" is not "${name}". Nothing was changed.`)
    return false
  }
  const names = standing.map((stack) => stack.name)
  if (names.length > 0) {
    await startDatabases(
      standing.flatMap(({ template }) => snapshotsOf(template)),
      tools,
    )
    await cdk(['destroy', ...names, '--app', assembly, '--force'])
  }
  const remains = await remainsOf(configuration, name)
  if (deleteData) await removeAll(remains, tools)
  else for (const { what, arn } of remains) print(`kept: ${what} (${arn})`)
  return true
}

/** The stacks of the assembly that are there, in its order. */
async function standingOf(
  assembly: string,
  environment: Environment,
  configuration: Configuration,
): Promise<Standing[]> {
  const all = await standingStacks(configuration, environment)
  return stacksOf(assembly).flatMap(({ name }) => all.get(name) ?? [])
}

function announcement(of: {
  name: string
  where: string
  standing: readonly Standing[]
  deleteData: boolean
}): string {
  const data = of.deleteData
    ? 'ALL DATA IS DELETED: databases with their snapshots, buckets, images, files, the record.'
    : 'Data is kept: databases as final snapshots; buckets, images, files and the record as they are. The cache is lost.'
  return [
    `${of.name} in ${of.where} will be destroyed: ${of.standing.map(({ name }) => name).join(', ') || 'no stack is left'}`,
    data,
  ].join('\n')
}

/** Goes on after one that cannot be deleted, and says which at the end. */
async function removeAll(
  remains: readonly Remains[],
  { configuration, print }: DestroyTools,
): Promise<void> {
  const failed: string[] = []
  for (const one of remains) {
    try {
      await remove(configuration, one)
      print(`deleted: ${one.what}`)
    } catch (error) {
      failed.push(`${one.what}: ${(error as Error).message}`)
    }
  }
  if (failed.length > 0) throw new Problem(`Could not be deleted:\n${failed.join('\n')}`)
}
