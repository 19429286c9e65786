import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib'
import { InstanceType, type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { DatabaseSettings } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import { databaseAlarms, type Thresholds } from '../observability/data-alarms.ts'
import type { Windows } from './windows.ts'

export type DatabaseProps = {
  /** Part of its name: `<environment>-<name>`. */
  name: string
  vpc: IVpc
  securityGroup: ISecurityGroup
  /** The schedule it sleeps by; services that use it must not run without it. */
  schedule: string
  /** When it is backed up and maintained; RDS chooses where this is absent. */
  windows: Windows | undefined
  /** What its file says of it. */
  settings?: DatabaseSettings | undefined
  /** What raises its alarms. */
  thresholds: Thresholds
}

/** A PostgreSQL server as a service sees it. */
export type DatabaseServer = {
  address: string
  port: string
  /** Of the administrator, kept and rotated by RDS itself; only the preparation reads it. */
  adminSecret: ISecret
}

/** Before everything else wakes, and after everything else sleeps. */
const ORDER = 10

/** Database: one PostgreSQL server, reached by the backend tier and the bastion over TLS only. */
export class Database extends Construct {
  readonly server: DatabaseServer

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id)
    const { vpc, securityGroup } = props
    const identifier = named(this, props.name)
    const { version = 17, size = 'micro', storage = STORAGE } = props.settings ?? {}
    const engine = DatabaseInstanceEngine.postgres({ version: VERSIONS[version] })
    const instance = new DatabaseInstance(this, 'instance', {
      instanceIdentifier: identifier,
      engine,
      // The smallest there is, about $13 a month; it grows by an edit and a minute's restart.
      instanceType: new InstanceType(`t4g.${size}`),
      // Whoever writes a version means the upgrade to it.
      ...(props.settings?.version !== undefined && { allowMajorVersionUpgrade: true }),
      vpc,
      subnetGroup: new SubnetGroup(this, 'subnets', {
        description: `Isolated subnets for ${identifier}`,
        vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      }),
      securityGroups: [securityGroup],
      parameterGroup: new ParameterGroup(this, 'parameters', {
        engine,
        description: 'TLS only',
        parameters: { 'rds.force_ssl': '1' },
      }),
      manageMasterUserPassword: true,
      storageType: StorageType.GP3,
      allocatedStorage: storage,
      maxAllocatedStorage: Math.max(MOST_STORAGE, 2 * storage),
      storageEncrypted: true,
      backupRetention: Duration.days(7),
      ...(props.windows && {
        preferredBackupWindow: props.windows.backup,
        ...(props.windows.maintenance && {
          preferredMaintenanceWindow: props.windows.maintenance,
        }),
      }),
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: ['postgresql'],
      autoMinorVersionUpgrade: true,
      multiAz: false,
      // Removing it leaves a final snapshot.
      removalPolicy: RemovalPolicy.SNAPSHOT,
    })
    // RDS would make the group itself, and keep it without end.
    instance.node.addDependency(logGroup(this, identifier))
    explain(instance)
    databaseAlarms(this, { name: props.name, identifier, thresholds: props.thresholds })
    // Tagged as services are: `caretaker:schedule` is read from RDS as from ECS.
    Tags.of(instance).add('caretaker:schedule', props.schedule, ONLY_INSTANCE)
    Tags.of(instance).add('caretaker:order', String(ORDER), ONLY_INSTANCE)
    this.server = {
      address: instance.dbInstanceEndpointAddress,
      port: instance.dbInstanceEndpointPort,
      adminSecret: adminSecretOf(instance),
    }
  }
}

const VERSIONS = {
  14: PostgresEngineVersion.VER_14,
  15: PostgresEngineVersion.VER_15,
  16: PostgresEngineVersion.VER_16,
  17: PostgresEngineVersion.VER_17,
}

/** GiB: what RDS begins with, and to where it grows by itself. */
const STORAGE = 20
const MOST_STORAGE = 100

const ONLY_INSTANCE = { includeResourceTypes: ['AWS::RDS::DBInstance'] }

function adminSecretOf({ secret, node }: DatabaseInstance): ISecret {
  if (secret === undefined) throw new Error(`${node.path} has no administrator's secret`)
  return secret
}

function logGroup(scope: Construct, identifier: string): LogGroup {
  return new LogGroup(scope, 'log', {
    logGroupName: `/aws/rds/instance/${identifier}/postgresql`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

function explain(instance: DatabaseInstance): void {
  acknowledge(
    instance,
    'AwsSolutions-RDS3',
    'A second instance in another zone doubles the price; a development database may be restored from its backup.',
  )
  acknowledge(
    instance,
    'AwsSolutions-RDS10',
    'Deletion takes a final snapshot (DeletionPolicy Snapshot), and an environment must be removable.',
  )
  acknowledge(
    instance,
    'AwsSolutions-RDS11',
    'The security group admits only the backend tier and the bastion; another port would hide nothing from them and break every tool’s default.',
  )
}
