import type { CreateServiceLinkedRoleRequest, GetRoleRequest } from '@aws-sdk/client-iam'
import { AwsError } from '../errors.ts'
import { invalidInput, noSuchEntity } from './errors.ts'
import type { Directory } from './model.ts'

/**
 * The roles that services act with in an account, by the service's principal.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const ROLES: Readonly<Record<string, string>> = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'elasticache.amazonaws.com': 'AWSServiceRoleForElastiCache',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
}

/** An account that is in use has all of them; a new one has none. */
export class ServiceLinkedRoles {
  readonly #directory: Directory
  readonly #missing = new Set<string>()

  constructor(directory: Directory) {
    this.#directory = directory
  }

  /** Makes the account one in which nothing has ever been made. */
  forget(): void {
    for (const service of Object.keys(ROLES)) this.#missing.add(service)
  }

  /**
   * What a service does when it needs its role: it makes one, and fails this once.
   *
   * @throws AwsError in ECS's words
   */
  assume(service: string): void {
    if (!this.#missing.delete(service)) return
    throw new AwsError(
      'InvalidParameterException',
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
    )
  }

  readonly create = ({ AWSServiceName = '' }: CreateServiceLinkedRoleRequest) => {
    const RoleName = ROLES[AWSServiceName]
    if (RoleName === undefined) throw invalidInput(`${AWSServiceName} has no role of this kind`)
    if (!this.#missing.delete(AWSServiceName)) {
      throw new AwsError(
        'InvalidInput',
        `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
      )
    }
    return { Role: this.#describe(AWSServiceName) }
  }

  /** Undefined when it is no such role. @throws AwsError NoSuchEntity */
  readonly get = ({ RoleName }: GetRoleRequest) => {
    const service = Object.keys(ROLES).find((one) => ROLES[one] === RoleName)
    if (service === undefined) return undefined
    if (this.#missing.has(service)) throw noSuchEntity('role', RoleName)
    return { Role: this.#describe(service) }
  }

  #describe(service: string) {
    const { account, world } = this.#directory.aws
    const Path = `/aws-service-role/${service}/`
    const RoleName = ROLES[service] ?? ''
    const Arn = `arn:aws:iam::${account}:role${Path}${RoleName}`
    return { Path, RoleName, RoleId: `AROA${RoleName}`, Arn, CreateDate: world.date }
  }
}
