import type {
  ContainerDefinition,
  ListServiceDeploymentsResponse,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs'
import type { Simulation } from '../simulation/simulation.ts'
import { servicesOf } from '../views/services.ts'
import { SCENARIO } from './callers.ts'
import { definitionOf, registered } from './revision.ts'
import type { Step } from './schema.ts'
import { digestOf, type Pushed } from './which.ts'

type Tool = NonNullable<Step['tool']>
type Named = { cluster: string; service: string }

/**
 * Terraform, say: a revision of its own with another setting, and with an image of its own or the
 * one that runs; or a person stops the deployment that is under way.
 *
 * @throws AwsError
 */
export async function useTool(asked: Tool, simulation: Simulation, images: Pushed): Promise<void> {
  const { service, does } = asked
  const cluster = (await servicesOf(simulation)).find(({ name }) => name === service)?.cluster ?? ''
  const named = { cluster, service }
  if (does === 'stops') return stopDeployment(simulation, named)
  const revision = await register(simulation, named, asked, images)
  if (does === 'registers') return
  await ecs(simulation, 'UpdateService', { ...named, taskDefinition: revision })
}

async function stopDeployment(simulation: Simulation, named: Named): Promise<void> {
  const { serviceDeployments: [latest] = [] } = await ecs<ListServiceDeploymentsResponse>(
    simulation,
    'ListServiceDeployments',
    named,
  )
  const serviceDeploymentArn = latest?.serviceDeploymentArn ?? ''
  await ecs(simulation, 'StopServiceDeployment', { serviceDeploymentArn })
}

async function register(
  simulation: Simulation,
  named: Named,
  { image, stopTimeout }: Tool,
  images: Pushed,
): Promise<string | undefined> {
  const { account, region } = simulation.aws
  const { service } = named
  const current = await definitionOf((operation, input) => ecs(simulation, operation, input), named)
  const digest = image === undefined ? undefined : digestOf(image, images)
  const own = `${account}.dkr.ecr.${region}.amazonaws.com/${service}@${digest}`
  const containerDefinitions = (current.containerDefinitions ?? []).map((container) => ({
    ...(digest === undefined || container.name !== service ? container : withImage(container, own)),
    ...(container.name === service ? { stopTimeout } : {}),
  }))
  const { taskDefinition } = await ecs<RegisterTaskDefinitionResponse>(
    simulation,
    'RegisterTaskDefinition',
    { ...registered(current), containerDefinitions },
  )
  return taskDefinition?.taskDefinitionArn
}

/** With an image of its own it is no placeholder any more. */
function withImage(
  { dockerLabels: _, ...container }: ContainerDefinition,
  image: string,
): ContainerDefinition {
  return { ...container, image }
}

const ecs = <Output>({ aws }: Simulation, operation: string, input: object): Promise<Output> =>
  aws.call<Output>('ecs', operation, input, SCENARIO)
