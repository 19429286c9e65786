import type { Findings } from '../../domain/findings.ts'
import { servicePartition, stateKey } from '../../domain/table/keys.ts'
import type { Failure, Progress } from '../../domain/table/record.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

/**
 * Keeps the token of the machine that waits, so that the ECS event that settles the deployment
 * finds whom to tell.
 *
 * @returns whether it was kept: not when the roll-out is somebody else's now.
 */
export function keepToken(
  table: Table,
  service: string,
  execution: string,
  watched: { token: string; taskDefinition: string; first: boolean },
): Promise<boolean> {
  return updateItem(table, {
    key: stateKey(service),
    expression:
      'SET rolling.#token = :token, rolling.taskDefinition = :taskDefinition, rolling.#first = :first',
    condition: 'rolling.execution = :execution',
    values: {
      ':token': watched.token,
      ':taskDefinition': watched.taskDefinition,
      ':first': watched.first,
      ':execution': execution,
    },
    names: { '#token': 'token', '#first': 'first' },
  })
}

/**
 * How far the deployment is, for whoever reads the record.
 *
 * @returns whether it was noted: not once the record has its verdict.
 */
export function noteProgress(
  table: Table,
  service: string,
  sk: string,
  progress: Progress,
  failure?: Failure,
): Promise<boolean> {
  return updateItem(table, {
    key: { pk: servicePartition(service), sk },
    expression: `SET progress = :progress${failure === undefined ? '' : ', failure = :failure'}`,
    condition: 'verdict = :rollingOut',
    values: { ':progress': progress, ':failure': failure, ':rollingOut': 'rolling-out' },
  })
}

/** Why it failed before anything was deployed, for whoever reads the record. */
export function noteFailure(
  table: Table,
  service: string,
  sk: string,
  failure: Failure,
): Promise<boolean> {
  return updateItem(table, {
    key: { pk: servicePartition(service), sk },
    expression: 'SET failure = :failure',
    condition: 'verdict = :rollingOut',
    values: { ':failure': failure, ':rollingOut': 'rolling-out' },
  })
}

/** What the scan of the image found, for whoever reads the record; nothing once it has its verdict. */
export function noteFindings(
  table: Table,
  service: string,
  sk: string,
  findings: Findings,
): Promise<boolean> {
  return updateItem(table, {
    key: { pk: servicePartition(service), sk },
    expression: 'SET detail.findings = :findings',
    condition: 'verdict = :rollingOut AND attribute_exists(detail)',
    values: { ':findings': findings, ':rollingOut': 'rolling-out' },
  })
}
