import { Duration, Stack } from 'aws-cdk-lib'
import { SubnetType } from 'aws-cdk-lib/aws-ec2'
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { HostedRotation, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { connectionsOf, isPutTogether } from '../../../catalog/connections.ts'
import type { Service } from '../../../catalog/schema.ts'
import { SECRET_PARTS } from '../../../catalog/store-schema.ts'
import { acknowledge } from '../../nag.ts'
import { named, secretNamed } from '../../names.ts'
import type { Data } from '../data/data-stack.ts'
import { Database, type DatabaseServer } from '../data/database.ts'
import { windowsOf } from '../data/windows.ts'
import type { SharedResources } from '../shared-resources.ts'
import { prepareDatabase } from './prepare-database.ts'
import type { Supply } from './supply.ts'

export type ServiceDatabaseProps = {
  service: Service
  shared: SharedResources
  data: Data
  logGroup: ILogGroup
}

/** Half of this is how long a task may run and still sign in: see `database.sql`. */
const ROTATION = Duration.days(30)

/** Characters that have a meaning in a URL, a shell or PostgreSQL. */
const EXCLUDED = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\'

/**
 * `database: shared` or `own`: a database of the service's own, on the server that all share or
 * on one of its own, with a user whose password is in the secret `<environment>/<service>/database`.
 */
export class ServiceDatabase extends Construct {
  readonly supply: Supply

  constructor(scope: Construct, id: string, props: ServiceDatabaseProps) {
    super(scope, id)
    const { service, shared, logGroup } = props
    const server = this.#server(props)
    // PostgreSQL takes hyphens only in quotes, which every query would have to write.
    const database = service.name.replaceAll('-', '_')
    const secret = this.#secret(service, server, database)
    prepareDatabase(this, { service, shared, server, database, secret, logGroup })
    if (connectionsOf(service).some((one) => one.store === 'database' && isPutTogether(one))) {
      acknowledge(
        secret,
        'AwsSolutions-SMG4',
        'The service wants its password inside a URL (as), which CloudFormation puts together when the stack is deployed: a rotation would leave that behind (docs/adr/0039-a-password-inside-a-url.md).',
      )
    } else this.#rotate(secret, server.adminSecret, service, shared)
    this.supply = {
      // The names are libpq's, so that most clients need no configuration at all.
      // https://www.postgresql.org/docs/17/libpq-envars.html
      variables: {
        PGHOST: server.address,
        PGPORT: server.port,
        PGDATABASE: database,
        PGSSLMODE: 'require',
      },
      secrets: {
        PGUSER: EcsSecret.fromSecretsManager(secret, 'username'),
        PGPASSWORD: EcsSecret.fromSecretsManager(secret, 'password'),
      },
      readable: [secret],
      connection: {
        values: { host: server.address, port: server.port, name: database },
        secrets: Object.fromEntries(
          SECRET_PARTS.map((part) => [
            part,
            {
              value: secret.secretValueFromJson(part),
              own: EcsSecret.fromSecretsManager(secret, part),
            },
          ]),
        ),
      },
    }
  }

  #server({ service, shared, data }: ServiceDatabaseProps): DatabaseServer {
    if (service.database === 'own') {
      const schedule = service.schedule ?? shared.environment.schedule
      return new Database(this, 'own', {
        name: `${service.name}-database`,
        settings: service.server,
        vpc: shared.vpc,
        securityGroup: shared.securityGroups.database,
        schedule,
        windows: windowsOf(shared.environment, [schedule]),
        thresholds: shared.environment.alarms,
      }).server
    }
    if (data.database === undefined) throw new Error('there is no shared database')
    return data.database
  }

  /** In the form that Secrets Manager's rotation reads. */
  #secret({ name }: Service, server: DatabaseServer, database: string): ISecret {
    const secret = new Secret(this, 'secret', {
      secretName: secretNamed(this, name, 'database'),
      description: `User and password of ${name} for its database`,
      generateSecretString: {
        secretStringTemplate: Stack.of(this).toJsonString({
          engine: 'postgres',
          host: server.address,
          port: server.port,
          dbname: database,
          username: `${database}_user`,
          masterarn: server.adminSecret.secretArn,
        }),
        generateStringKey: 'password',
        excludeCharacters: EXCLUDED,
      },
    })
    return secret as ISecret
  }

  /** AWS's own function, which alternates between two users; it lives where the database does. */
  #rotate(secret: ISecret, adminSecret: ISecret, { name }: Service, shared: SharedResources): void {
    secret.addRotationSchedule('rotation', {
      automaticallyAfter: ROTATION,
      // The first password is hours old at most, and the users may not be there yet.
      rotateImmediatelyOnUpdate: false,
      hostedRotation: HostedRotation.postgreSqlMultiUser({
        masterSecret: adminSecret,
        functionName: named(this, name, 'rotation'),
        vpc: shared.vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        securityGroups: [shared.securityGroups.backend],
        excludeCharacters: EXCLUDED,
      }),
    })
  }
}
