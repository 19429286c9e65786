import type { DBInstance } from '@aws-sdk/client-rds'
import { Rds } from '../../local/aws/rds/rds.ts'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Account } from './account.ts'

/** An account with a database `orders` that is being created. */
export class Databases extends Account {
  static async open(more: object = {}, seed = 1) {
    const account = new Databases([Rds, SecretsManager, Tagging], seed)
    await account.call('rds', 'CreateDBSubnetGroup', {
      DBSubnetGroupName: 'isolated',
      DBSubnetGroupDescription: 'Isolated subnets',
      SubnetIds: ['subnet-1', 'subnet-2'],
    })
    await account.call('rds', 'CreateDBInstance', {
      DBInstanceIdentifier: 'Orders',
      DBInstanceClass: 'db.t4g.micro',
      DBSubnetGroupName: 'isolated',
      Engine: 'postgres',
      EngineVersion: '17',
      AllocatedStorage: 20,
      MasterUsername: 'postgres',
      ManageMasterUserPassword: true,
      Tags: [{ Key: 'team', Value: 'ordering' }],
      ...more,
    })
    return account
  }

  /** What RDS has told, as `<event> <message>`. */
  get told(): string[] {
    return this.events
      .filter(({ source }) => source === 'aws.rds')
      .map(({ detail }) => `${detail.EventID} ${detail.Message}`)
  }

  async database(): Promise<DBInstance> {
    const { DBInstances: [found] = [] } = await this.call<{ DBInstances?: DBInstance[] }>(
      'rds',
      'DescribeDBInstances',
      { DBInstanceIdentifier: 'orders' },
    )
    if (found === undefined) throw new Error('There is no database orders')
    return found
  }

  /** Stops it or starts it, by its name alone. */
  do(operation: string, more: object = {}) {
    return this.call('rds', operation, { DBInstanceIdentifier: 'orders', ...more })
  }

  async status() {
    return (await this.database()).DBInstanceStatus
  }
}
