import type { Context } from '../context.ts'
import { nameFrom, type Properties, standIn, type TypeTable } from '../resource-type.ts'

const DATABASE = 'It has an address and no data: what services do inside is not simulated.'
const SETTINGS = 'It sets up a database that has no inside here.'
const BACKUPS = 'There is no data to keep copies of.'

const name = (property: string, most = 63) => nameFrom(property, { most, lower: true })

type Own = { ref: string; context: Context; properties: Properties }

/** `orders.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com` */
const host = ({ context }: Own, first: string, domain: string): string =>
  `${first}.${context.hex(12)}.${context.aws.region}.${domain}.amazonaws.com`

const databasePort = ({ Port, Engine = '' }: Properties): string =>
  String(Port ?? (/mysql|maria/.test(String(Engine)) ? 3306 : 5432))

/** What of databases, caches and copies of them stands in for itself. */
export const DATA_STORES: TypeTable = {
  'AWS::RDS::DBCluster': standIn(DATABASE, name('DBClusterIdentifier'), (own) => ({
    DBClusterArn: own.context.aws.arn('rds', `cluster:${own.ref}`),
    DBClusterResourceId: `cluster-${own.context.hex(26).toUpperCase()}`,
    'Endpoint.Address': host(own, `${own.ref}.cluster`, 'rds'),
    'Endpoint.Port': databasePort(own.properties),
    'ReadEndpoint.Address': host(own, `${own.ref}.cluster-ro`, 'rds'),
    'MasterUserSecret.SecretArn': own.context.aws.arn('secretsmanager', `secret:rds!${own.ref}`),
  })),
  'AWS::RDS::DBClusterParameterGroup': standIn(SETTINGS, name('DBClusterParameterGroupName', 255)),
  'AWS::RDS::OptionGroup': standIn(SETTINGS, name('OptionGroupName', 255)),
  'AWS::RDS::EventSubscription': standIn(SETTINGS, name('SubscriptionName', 255)),
  'AWS::RDS::DBProxy': standIn(DATABASE, name('DBProxyName'), (own) => ({
    DBProxyArn: own.context.aws.arn('rds', `db-proxy:${own.ref}`),
    Endpoint: host(own, `${own.ref}.proxy`, 'rds'),
  })),
  'AWS::RDS::DBProxyTargetGroup': standIn(SETTINGS, nameFrom('TargetGroupName')),
  'AWS::ElastiCache::CacheCluster': standIn(DATABASE, name('ClusterName', 40), (own) => ({
    'RedisEndpoint.Address': host(own, own.ref, 'cache'),
    'RedisEndpoint.Port': String(own.properties.Port ?? 6379),
    'ConfigurationEndpoint.Address': host(own, `${own.ref}.cfg`, 'cache'),
    'ConfigurationEndpoint.Port': String(own.properties.Port ?? 11211),
  })),
  'AWS::ElastiCache::ServerlessCache': standIn(
    DATABASE,
    name('ServerlessCacheName', 40),
    (own) => ({
      ARN: own.context.aws.arn('elasticache', `serverlesscache:${own.ref}`),
      'Endpoint.Address': host(own, `${own.ref}.serverless`, 'cache'),
      'Endpoint.Port': '6379',
      'ReaderEndpoint.Address': host(own, `${own.ref}.serverless`, 'cache'),
      'ReaderEndpoint.Port': '6380',
    }),
  ),
  'AWS::ElastiCache::ParameterGroup': standIn(
    SETTINGS,
    name('CacheParameterGroupName', 255),
    ({ ref }) => ({ CacheParameterGroupName: ref }),
  ),
  'AWS::ElastiCache::User': standIn(SETTINGS, name('UserId', 40), ({ ref, context }) => ({
    Arn: context.aws.arn('elasticache', `user:${ref}`),
  })),
  'AWS::ElastiCache::UserGroup': standIn(SETTINGS, name('UserGroupId', 40), ({ ref, context }) => ({
    Arn: context.aws.arn('elasticache', `usergroup:${ref}`),
  })),
  'AWS::Backup::BackupVault': standIn(BACKUPS, nameFrom('BackupVaultName'), ({ ref, context }) => ({
    BackupVaultName: ref,
    BackupVaultArn: context.aws.arn('backup', `backup-vault:${ref}`),
  })),
  'AWS::Backup::BackupPlan': standIn(
    BACKUPS,
    (context) => context.uuid(),
    ({ ref, context }) => ({
      BackupPlanId: ref,
      BackupPlanArn: context.aws.arn('backup', `backup-plan:${ref}`),
      VersionId: context.uuid(),
    }),
  ),
  'AWS::Backup::BackupSelection': standIn(
    BACKUPS,
    (context) => context.uuid(),
    ({ ref, properties }) => ({ Id: ref, SelectionId: ref, BackupPlanId: properties.BackupPlanId }),
  ),
}
