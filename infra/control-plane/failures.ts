import type { Construct } from 'constructs'
import { pattern as executionFailed } from '../../events/execution-failed.ts'
import { named } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'

export type FailuresProps = FeatureProps & {
  /** Ids of Caretaker's machines: pages in docs/runbooks/ are named after them. */
  machines: readonly string[]
}

/** Failures: an execution of one of Caretaker's own machines that did not end well is a record. */
export class Failures extends Feature {
  constructor(scope: Construct, id: string, { machines, ...props }: FailuresProps) {
    super(scope, id, props)
    const record = this.addFunctionWithCatalog('record-failure', {
      description: 'Records executions of Caretaker’s own machines that failed',
      environment: {
        TABLE_NAME: this.table.tableName,
        MACHINES: JSON.stringify(
          Object.fromEntries(machines.map((machine) => [named(this, machine), machine])),
        ),
      },
      timeoutSeconds: 30,
      grants: [grant(['dynamodb:PutItem'], [this.table.tableArn], 'Writes its record, once.')],
    })
    this.addRule('execution-failed', {
      description: 'An execution failed, ran out of time or was stopped: record it, if it is ours',
      pattern: executionFailed,
      target: record,
    })
  }
}
