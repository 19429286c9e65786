import type { IVpc } from 'aws-cdk-lib/aws-ec2'
import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs'
import { Construct } from 'constructs'
import { named } from '../names.ts'

/** Clusters: `<environment>-frontend` and `<environment>-backend`, on Fargate. */
export class Clusters extends Construct {
  readonly frontend: ICluster
  readonly backend: ICluster

  constructor(scope: Construct, id: string, vpc: IVpc) {
    super(scope, id)
    const cluster = (name: string) =>
      new Cluster(this, name, {
        clusterName: named(this, name),
        vpc,
        // Per service, not per task: `enhanced` is paid per task and hour.
        containerInsightsV2: ContainerInsights.ENABLED,
      }) as ICluster
    this.frontend = cluster('frontend')
    this.backend = cluster('backend')
  }
}
