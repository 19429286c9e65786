import type { Construct } from 'constructs'
import { pattern as actionFailed } from '../../events/pipeline-action-failed.ts'
import { pattern as pipelineChanged } from '../../events/pipeline-changed.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'

/** Pipelines: each execution of a service's pipeline is a record. */
export class Pipelines extends Feature {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const record = this.addFunctionWithCatalog('record-pipeline', {
      description: 'Keeps a record of each execution of a pipeline in step with it',
      environment: { TABLE_NAME: this.table.tableName },
      timeoutSeconds: 30,
      grants: [
        grant(
          ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
          [this.table.tableArn],
          'Its record, and the records of the pipeline, to see which execution took its place.',
        ),
      ],
    })
    this.addRule('pipeline-changed', {
      description: 'An execution of a pipeline changed its state: bring its record up to date',
      pattern: pipelineChanged,
      target: record,
    })
    this.addRule('pipeline-action-failed', {
      description: 'An action of a pipeline failed: note why, and where its log is',
      pattern: actionFailed,
      target: record,
    })
  }
}
