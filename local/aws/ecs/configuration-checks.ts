import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import { CloudMap } from '../cloud-map/cloud-map.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { checkEarlySuccess } from './breaker.ts'
import { refuse } from './find.ts'
import type { EcsService, Revision } from './model.ts'
import type { EcsState } from './state.ts'
import { checkStrategy } from './strategy.ts'

type Given = CreateServiceRequest | UpdateServiceRequest

/**
 * Refuses what does not fit together in how a service is deployed, and where it is attached.
 *
 * @param before the service's configuration, and its load balancers.
 * @throws AwsError, NotImplemented
 */
export function checkConfiguration(
  ecs: EcsState,
  input: Given,
  before: EcsService['configuration'] = {},
  balancers: Revision['loadBalancers'] = [],
): void {
  const { deploymentConfiguration = {}, loadBalancers = [], serviceRegistries = [] } = input
  onlyMembers('ecs deploymentConfiguration', deploymentConfiguration, [
    'deploymentCircuitBreaker',
    'maximumPercent',
    'minimumHealthyPercent',
    'alarms',
    'strategy',
    'bakeTimeInMinutes',
    'earlySuccessCriteria',
    'lifecycleHooks',
    'canaryConfiguration',
    'linearConfiguration',
  ])
  const { lifecycleHooks = [] } = deploymentConfiguration
  checkStrategy(
    { ...before, ...deploymentConfiguration },
    lifecycleHooks,
    input.loadBalancers ?? balancers,
  )
  checkEarlySuccess({ ...before, ...deploymentConfiguration })
  checkPercentages({ ...before, ...deploymentConfiguration })
  for (const { targetGroupArn, loadBalancerName } of loadBalancers) {
    if (loadBalancerName !== undefined) throw new NotImplemented('a Classic Load Balancer')
    if (targetGroupArn === undefined) continue
    if (ecs.aws.find(ElasticLoadBalancing)?.isUsed(targetGroupArn) === false) {
      refuse(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      )
    }
  }
  for (const { registryArn = '' } of serviceRegistries) {
    if (ecs.aws.find(CloudMap)?.has(registryArn) === false) {
      refuse(`serviceRegistries: the service registry ${registryArn} was not found.`)
    }
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
function checkPercentages({
  maximumPercent = 200,
  minimumHealthyPercent = 100,
}: EcsService['configuration']): void {
  if (maximumPercent >= minimumHealthyPercent) return
  // The words are not recorded.
  refuse(
    `The maximumPercent ${maximumPercent} must not be less than the minimumHealthyPercent ${minimumHealthyPercent}.`,
  )
}
