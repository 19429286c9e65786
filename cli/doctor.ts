import { readCatalog } from '../catalog/read.ts'
import { examine } from './doctor/doctor.ts'
import { line } from './doctor/finding.ts'
import { parseWords } from './usage.ts'

const USAGE = 'npm run doctor [-- --catalog <directory>]'

/**
 * Says whether the account is ready for the catalog, and what to do where it is not.
 *
 * @returns 1 when a deployment would fail.
 */
export async function doctor(words: string[]): Promise<number> {
  const { values } = parseWords(words, { catalog: { type: 'string', default: 'catalog' } }, USAGE)
  const catalog = readCatalog(String(values.catalog))
  const findings = await examine(catalog, { region: catalog.environment.region })
  for (const finding of findings) console.log(line(finding))
  return findings.some(({ level }) => level === 'FAIL') ? 1 : 0
}
