import { RemovalPolicy } from 'aws-cdk-lib'
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2'
import { FileSystem, type IFileSystem, LifecyclePolicy, ThroughputMode } from 'aws-cdk-lib/aws-efs'
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'
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
      fileSystemPolicy: new PolicyDocument({ statements: [overTlsOnly()] }),
      // Otherwise CDK adds a statement that lets in whoever reaches a mount target. A policy that
      // allows nobody leaves that to the roles of tasks.
      allowAnonymousAccess: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
  }
}

/** https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function overTlsOnly(): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['*'],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  })
}
