import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IFileSystem } from 'aws-cdk-lib/aws-efs'
import type { Construct } from 'constructs'
import { needsFiles } from '../../../catalog/mounts.ts'
import type { Service } from '../../../catalog/schema.ts'
import { WHEN_NEEDED } from '../../../domain/schedule/written.ts'
import type { SharedResources } from '../shared-resources.ts'
import { Cache, type CacheServer } from './cache.ts'
import { Database, type DatabaseServer } from './database.ts'
import { Files } from './files.ts'
import { windowsOf } from './windows.ts'

/** What services share of data stores; each is there once a service asks for it. */
export type Data = {
  database: DatabaseServer | undefined
  cache: CacheServer | undefined
  files: IFileSystem | undefined
}

export type DataStackProps = StackProps & { shared: SharedResources; services: readonly Service[] }

/** `<Environment>Data`: what is shared and keeps data, in a stack of its own, so that no other change can delete it. */
export class DataStack extends Stack {
  readonly data: Data

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props)
    const { vpc, securityGroups, environment } = props.shared
    const { alarms: thresholds } = environment
    const asked = (wants: (service: Service) => boolean) => props.services.some(wants)
    this.data = {
      database: asked(({ database }) => database === 'shared')
        ? new Database(this, 'database', {
            name: 'database',
            vpc,
            securityGroup: securityGroups.database,
            schedule: WHEN_NEEDED,
            windows: windowsOf(
              environment,
              props.services
                .filter(({ database }) => database === 'shared')
                .map(({ schedule }) => schedule ?? environment.schedule),
            ),
            thresholds,
          }).server
        : undefined,
      cache: asked(({ cache }) => cache)
        ? new Cache(this, 'cache', { vpc, securityGroup: securityGroups.cache, thresholds }).server
        : undefined,
      files: asked(needsFiles)
        ? new Files(this, 'files', { vpc, securityGroup: securityGroups.files }).fileSystem
        : undefined,
    }
  }
}

/** Whether there is anything for the stack to hold. */
export function sharesData(services: readonly Service[]): boolean {
  return services.some(
    (service) => service.database === 'shared' || service.cache || needsFiles(service),
  )
}
