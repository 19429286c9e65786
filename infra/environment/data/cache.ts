import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { environmentOf, named, secretNamed } from '../../names.ts'
import { cacheAlarms, type Thresholds } from '../observability/data-alarms.ts'

export type CacheProps = {
  vpc: IVpc
  securityGroup: ISecurityGroup
  /** What raises its alarms. */
  thresholds: Thresholds
}

/** The cache as a service sees it. */
export type CacheServer = { address: string; port: string; secret: ISecret }

/** Cache: one Valkey node that all services share, each below a prefix of its own, over TLS. */
export class Cache extends Construct {
  readonly server: CacheServer

  constructor(scope: Construct, id: string, { vpc, securityGroup, thresholds }: CacheProps) {
    super(scope, id)
    const secret = authToken(this)
    const subnets = new CfnSubnetGroup(this, 'subnets', {
      description: `Isolated subnets for ${named(this, 'cache')}`,
      subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    })
    const group = new CfnReplicationGroup(this, 'group', {
      replicationGroupId: named(this, 'cache'),
      replicationGroupDescription: `Cache of the services of ${environmentOf(this)}`,
      engine: 'valkey',
      engineVersion: '8.0',
      // The smallest there is, about $10 a month. ElastiCache cannot be stopped.
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [securityGroup.securityGroupId],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      authToken: secret.secretValue.unsafeUnwrap(),
      autoMinorVersionUpgrade: true,
    })
    explain(group)
    cacheAlarms(this, { replicationGroup: named(this, 'cache'), thresholds })
    this.server = {
      address: group.attrPrimaryEndPointAddress,
      port: group.attrPrimaryEndPointPort,
      secret,
    }
  }
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html: 16 to 128 characters. */
function authToken(scope: Construct): ISecret {
  const secret = new Secret(scope, 'token', {
    secretName: secretNamed(scope, 'cache'),
    description: 'The token by which services sign in to the cache',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  })
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'A cache holds nothing that cannot be lost, and only the services and the bastion of the environment reach it. A new token needs every service restarted at that moment: it is changed by hand (docs/access.md).',
  )
  return secret as ISecret
}

function explain(group: CfnReplicationGroup): void {
  acknowledge(
    group,
    'AwsSolutions-AEC4',
    'A second node in another zone doubles the price; what a development cache loses is made again.',
  )
  acknowledge(
    group,
    'AwsSolutions-AEC5',
    'The security group admits only the two tiers of services and the bastion; another port would hide nothing from them and break every tool’s default.',
  )
}
