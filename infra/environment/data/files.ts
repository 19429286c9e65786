import { RemovalPolicy } from 'aws-cdk-lib'
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2'
import { FileSystem, type IFileSystem, LifecyclePolicy, ThroughputMode } from 'aws-cdk-lib/aws-efs'
import { Construct } from 'constructs'
import { named } from '../../names.ts'

export type FilesProps = { vpc: IVpc; securityGroup: ISecurityGroup }

/** Files: one EFS file system, of which each service sees a directory of its own. */
export class Files extends Construct {
  readonly fileSystem: IFileSystem

  constructor(scope: Construct, id: string, { vpc, securityGroup }: FilesProps) {
    super(scope, id)
    this.fileSystem = new FileSystem(this, 'file-system', {
      fileSystemName: named(this, 'files'),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroup,
      encrypted: true,
      enableAutomaticBackups: true,
      // Paid by what is read and written; provisioned throughput is paid by the hour.
      throughputMode: ThroughputMode.ELASTIC,
      lifecyclePolicy: LifecyclePolicy.AFTER_30_DAYS,
      // Mounting takes TLS and the role of a task: the policy CDK writes refuses everything else.
      allowAnonymousAccess: false,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }
}
