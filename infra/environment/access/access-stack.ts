import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Environment, Service } from '../../../catalog/schema.ts'
import { isBuiltAtGithub } from '../pipelines/delivery.ts'
import { githubProvider } from '../pipelines/github-actions.ts'
import { boundary } from './boundary.ts'
import { breakGlass } from './break-glass.ts'
import { kubernetesBoundary } from './kubernetes-boundary.ts'
import { people } from './people.ts'

export type AccessStackProps = StackProps & {
  environment: Environment
  services: readonly Service[]
}

/**
 * `<Environment>Access`: who may do what. Deployed before everything else, because every role
 * names the boundary in it.
 */
export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, { environment, services, ...props }: AccessStackProps) {
    super(scope, id, props)
    people(this, boundary(this, environment))
    breakGlass(this)
    if (environment.parts.kubernetes) kubernetesBoundary(this)
    if (environment.parts.githubProvider && services.some(isBuiltAtGithub)) githubProvider(this)
  }
}
