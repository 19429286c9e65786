import type { Aws, Operations, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { Buckets, bucketOperations } from './buckets.ts'
import { settingOperations } from './settings.ts'

/** Amazon S3: buckets and what is set of them. Objects are refused by name. */
export class S3 implements Service {
  readonly id = 's3'
  readonly operations: Operations
  readonly #buckets: Buckets

  constructor(aws: Aws) {
    this.#buckets = new Buckets(aws)
    this.operations = { ...bucketOperations(this.#buckets), ...settingOperations(this.#buckets) }
  }

  /** A bucket's own policy, if there is a bucket and it has one. */
  policyOf(name: string): string | undefined {
    const bucket = this.#buckets.all.find((one) => one.name === name)
    return bucket?.settings.get('BucketPolicy') as unknown as string | undefined
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#buckets.tagged()
  }
}
