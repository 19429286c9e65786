import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoleGrant } from '../local/aws/iam/usage.ts'
import { reportUsage } from '../local/aws/iam/usage-files.ts'
import { Simulation } from '../local/simulation/simulation.ts'
import { UsageError } from './usage.ts'

/**
 * Runs the test suite, noting what each role of the templates needed, then prints granted ÷ used
 * per role. With `from` the suite has been run and its notes are there.
 *
 * @returns 1 when a test fails, or when a role may do what nothing ever needed.
 */
export async function grants({ from }: { from?: string | undefined }): Promise<number> {
  if (from !== undefined) {
    if (!existsSync(from)) throw new UsageError(`--from: there is no ${from}`)
    return print(from)
  }
  const directory = mkdtempSync(join(tmpdir(), 'caretaker-grants-'))
  try {
    const { status } = spawnSync('vitest', ['run'], {
      stdio: 'inherit',
      env: { ...process.env, CARETAKER_GRANTS: directory },
    })
    if (status !== 0) return 1
    return await print(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function print(directory: string): Promise<number> {
  const simulation = await Simulation.open({ seed: 1, start: new Date('2026-03-02T09:00:00Z') })
  const { all, unexercised, unused } = reportUsage(simulation.iam, directory)
  const idle = new Set([...unexercised, ...unused].map(({ key }) => key))
  console.log('Granted and used actions per role; without those the local AWS cannot exercise:\n')
  for (const [role, granted] of Map.groupBy(all, roleOf)) {
    const able = granted.filter((grant) => grant.unexercised === undefined)
    if (able.length === 0) continue
    const used = able.filter(({ key }) => !idle.has(key)).length
    console.log(`  ${role.padEnd(64)} ${able.length} ÷ ${used}`)
  }
  console.log(`\n${unexercised.length} grants are for what the local AWS cannot exercise:`)
  for (const [reason, some] of Map.groupBy(unexercised, (grant) => grant.unexercised ?? '')) {
    console.log(`  ${String(some.length).padStart(4)}  ${reason}`)
  }
  for (const grant of unused) console.error(`Never used: ${roleOf(grant)}: ${grant.text}`)
  return unused.length > 0 ? 1 : 0
}

/** `DevControlPlane/rolloutrole…` */
const roleOf = ({ key }: RoleGrant): string => key.split(':')[0] ?? key
