import type { NetworkConfiguration, RunTaskCommandInput } from '@aws-sdk/client-ecs'
import type { Target } from '@aws-sdk/client-scheduler'

/** Who has started a task by hand stands behind it. */
const BY_HAND = 'by-hand/'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#ECS-RunTask-request-startedBy */
const MOST_CHARACTERS = 128

/** What a schedule starts by itself, or has a state machine start (`retries`, `timeout`). */
export function startedOf(target: Target | undefined): Target | undefined {
  if (target?.EcsParameters !== undefined || target?.Input === undefined) return target
  return JSON.parse(target.Input) as Target
}

/**
 * What a schedule's target would start, for `RunTask`: the same definition, network and capacity.
 *
 * @param by who asks; of an e-mail address `startedBy` has room for the part before the @.
 * @param instead the job's container, and the words that this run has in place of its command.
 */
export function requestOf(
  target: Target | undefined,
  by: string | undefined,
  instead?: { container: string; command: readonly string[] },
): RunTaskCommandInput {
  const started = startedOf(target)
  const { EcsParameters: given } = started ?? {}
  const { Subnets, SecurityGroups, AssignPublicIp } =
    given?.NetworkConfiguration?.awsvpcConfiguration ?? {}
  const networkConfiguration: NetworkConfiguration = {
    awsvpcConfiguration: {
      subnets: Subnets,
      ...(SecurityGroups !== undefined && { securityGroups: SecurityGroups }),
      ...(AssignPublicIp !== undefined && { assignPublicIp: AssignPublicIp }),
    },
  }
  return {
    cluster: started?.Arn,
    taskDefinition: given?.TaskDefinitionArn,
    count: given?.TaskCount ?? 1,
    networkConfiguration,
    capacityProviderStrategy: (given?.CapacityProviderStrategy ?? []).map(
      ({ capacityProvider, weight }) => ({
        capacityProvider,
        ...(weight !== undefined && { weight }),
      }),
    ),
    ...(given?.PropagateTags !== undefined && { propagateTags: given.PropagateTags }),
    ...(given?.EnableECSManagedTags !== undefined && {
      enableECSManagedTags: given.EnableECSManagedTags,
    }),
    ...(by !== undefined && { startedBy: startedBy(by) }),
    ...(instead !== undefined && {
      overrides: {
        containerOverrides: [{ name: instead.container, command: [...instead.command] }],
      },
    }),
  }
}

/** Letters, digits, hyphens, slashes and underscores are allowed there. */
function startedBy(by: string): string {
  const name = by.split('@')[0] ?? ''
  return `${BY_HAND}${name.replaceAll(/[^\w/-]/g, '-')}`.slice(0, MOST_CHARACTERS)
}

/** Who has started it by hand. */
export const startedByHand = (startedBy: string | undefined): string | undefined =>
  startedBy?.startsWith(BY_HAND) ? startedBy.slice(BY_HAND.length) : undefined

/** The name of a job's schedule, and of its alarm of failed runs. */
export const scheduleName = (environment: string, job: string): string =>
  `${environment}-${job}-job`
