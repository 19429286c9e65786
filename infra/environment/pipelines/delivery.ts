import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import type { SharedResources } from '../shared-resources.ts'
import { githubRole } from './github-actions.ts'
import { Pipeline } from './pipeline.ts'

/** Whether a pipeline in AWS builds the service. */
export const hasPipeline = ({ source }: Service): boolean => source?.builder === 'codepipeline'

/** Whether GitHub Actions build the service. */
export const isBuiltAtGithub = ({ source }: Service): boolean =>
  source?.builder === 'github-actions'

export type DeliveryProps = { service: Service; shared: SharedResources; images: IRepository }

/** How a commit becomes an image, if the service's file names a source. */
export function deliver(scope: Construct, { service, shared, images }: DeliveryProps): void {
  const { source } = service
  if (source?.builder === 'github-actions') githubRole(scope, service, { source, images })
  if (source?.builder !== 'codepipeline') return
  const { artifacts } = shared
  const { connection } = shared.environment
  if (connection === undefined || artifacts === undefined) {
    throw new Error(`${service.name} has a pipeline without connection`)
  }
  new Pipeline(scope, 'pipeline', {
    ...{ service, source, connection, images },
    artifacts: Bucket.fromBucketName(scope, 'artifacts', artifacts),
  })
}
