import type { IVpc } from 'aws-cdk-lib/aws-ec2'
import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs'
import { Construct } from 'constructs'
import type { Cluster as ClusterName } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

/** Clusters: `<environment>-frontend` and `<environment>-backend`, on Fargate and Fargate Spot. */
export class Clusters extends Construct {
  readonly frontend: ICluster
  readonly backend: ICluster

  constructor(
    scope: Construct,
    id: string,
    { vpc, containerInsights }: { vpc: IVpc; containerInsights: boolean },
  ) {
    super(scope, id)
    const cluster = (name: ClusterName) => {
      const made = new Cluster(this, name, {
        clusterName: named(this, name),
        vpc,
        enableFargateCapacityProviders: true,
        containerInsightsV2: containerInsights
          ? // Per service, not per task: `enhanced` is paid per task and hour.
            ContainerInsights.ENABLED
          : ContainerInsights.DISABLED,
      })
      if (!containerInsights) {
        acknowledge(
          made,
          'AwsSolutions-ECS4',
          'The catalog switches Container Insights off (parts.containerInsights) to save its metrics.',
        )
      }
      return made as ICluster
    }
    this.frontend = cluster('frontend')
    this.backend = cluster('backend')
  }
}

/**
 * A cluster as the stack of a service sees it: by its name, so that nothing of it is exported and
 * imported.
 */
export function clusterNamed(scope: Construct, name: ClusterName, vpc: IVpc): ICluster {
  return Cluster.fromClusterAttributes(scope, 'cluster', {
    clusterName: named(scope, name),
    vpc,
    securityGroups: [],
  })
}
