import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Iam } from './iam.ts'
import { grantKey, grantsOf, type RoleGrant } from './usage.ts'

/**
 * Notes each grant that is used for the first time in a file of this process, so that the runs of a
 * whole test suite can be put together.
 *
 * @param directory is made if it is not there.
 */
export function recordUsage(iam: Iam, directory: string): void {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, `${process.pid}.txt`)
  iam.usage.onFirstUse = (name, grant) => {
    const role = iam.roles.find((one) => one.name === name)
    if (role !== undefined) appendFileSync(file, `${grantKey(role, grant)}\n`)
  }
}

/** What was granted and never needed. */
type UsageReport = {
  all: readonly RoleGrant[]
  granted: number
  used: number
  /** Those the local AWS can never use, with the reason. */
  unexercised: readonly RoleGrant[]
  unused: readonly RoleGrant[]
}

/** Compares what the roles of an account may do with what runs noted in a directory. */
export function reportUsage(iam: Iam, directory: string): UsageReport {
  const noted = new Set(
    readdirSync(directory)
      .filter((file) => file.endsWith('.txt'))
      .flatMap((file) => readFileSync(join(directory, file), 'utf8').trim().split('\n')),
  )
  const grants = grantsOf(iam)
  const idle = grants.filter(({ key, used }) => used === 0 && !noted.has(key))
  return {
    all: grants,
    granted: grants.length,
    used: grants.length - idle.length,
    unexercised: idle.filter((grant) => grant.unexercised !== undefined),
    unused: idle.filter((grant) => grant.unexercised === undefined),
  }
}
