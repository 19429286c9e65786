import type {
  CreateServiceRequest,
  RunTaskRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs'
import { Ec2 } from '../ec2/ec2.ts'
import { refuse } from './find.ts'
import type { Definition } from './model.ts'
import type { EcsState } from './state.ts'

type Placed = Pick<
  RunTaskRequest & CreateServiceRequest & UpdateServiceRequest,
  'launchType' | 'capacityProviderStrategy' | 'networkConfiguration'
>

/**
 * Refuses what does not fit together in where tasks are to run.
 *
 * @throws AwsError InvalidParameterException; words by
 *   https://github.com/getmoto/moto/blob/master/tests/test_ecs/test_ecs.py where they are recorded
 */
export function checkPlaced(
  ecs: EcsState,
  input: Placed,
  definition: Definition | undefined,
): void {
  if (input.launchType !== undefined && (input.capacityProviderStrategy ?? []).length > 0) {
    refuse('A launch type and a capacity provider strategy may not both be specified.')
  }
  const network = input.networkConfiguration?.awsvpcConfiguration
  const hasNetworks = ecs.aws.find(Ec2) !== undefined
  if (hasNetworks && definition?.shape.networkMode === 'awsvpc' && network === undefined) {
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  }
  checkSubnets(ecs, input)
}

/** What scenarios invent (`subnet-1`) is taken: only what has AWS's form may be one of AWS's. */
const ID_OF_AWS = /^subnet-[0-9a-f]{8,17}$/

/** An account without EC2 knows nothing of networks. */
export function checkSubnets({ aws }: EcsState, { networkConfiguration }: Placed): void {
  const ec2 = aws.find(Ec2)
  if (ec2 === undefined) return
  for (const subnet of networkConfiguration?.awsvpcConfiguration?.subnets ?? []) {
    if (!ID_OF_AWS.test(subnet) || ec2.subnet(subnet) !== undefined) continue
    refuse(
      `Error retrieving subnet information for [${subnet}]: The subnet ID '${subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    )
  }
}

/** @throws AwsError InvalidParameterException */
export function checkOverrides({ overrides }: RunTaskRequest, { shape }: Definition): void {
  for (const { name } of overrides?.containerOverrides ?? []) {
    if (shape.containerDefinitions?.some((one) => one.name === name)) continue
    refuse(`Override for container named ${name} is not a container in the TaskDefinition.`)
  }
}
