import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Repository } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import type { Service } from '../../catalog/schema.ts'
import type { Home } from './environment-stack.ts'
import { repository } from './repository.ts'
import { EcsService } from './service.ts'

/** `<Environment>Services`: everything of the services, which changes with every catalog edit. */
export class ServicesStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    services: readonly Service[],
    home: Home,
    props: StackProps,
  ) {
    super(scope, id, props)
    const repositories = new Map<string, Repository>()
    for (const service of services.filter(({ kind }) => kind !== 'job')) {
      const images = repositories.get(service.repository) ?? repository(this, service)
      repositories.set(service.repository, images)
      new EcsService(this, service.name, { service, home, images })
    }
  }
}
