import { urlVariable } from './endpoints.ts'
import type { Service } from './schema.ts'

/**
 * What the catalog (`infra/environment/variables.ts`), Fargate and the AWS SDKs set in every
 * container, or in those that ask for a database, a cache, a bucket or files.
 */
const RESERVED =
  /^(SERVICE_NAME|ENVIRONMENT|PORT|PG[A-Z]+|REDIS_[A-Z]+|BUCKET_NAME|FILES_PATH|AWS_[A-Z_]+|ECS_[A-Z0-9_]+|OTEL_[A-Z_]+)$/

export function isReserved(variable: string, { dependsOn }: Pick<Service, 'dependsOn'>): boolean {
  return RESERVED.test(variable) || dependsOn.some((name) => urlVariable(name) === variable)
}
