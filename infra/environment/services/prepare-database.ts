import { readFileSync } from 'node:fs'
import { Stack } from 'aws-cdk-lib'
import { ContainerImage, Secret as EcsSecret, LogDriver } from 'aws-cdk-lib/aws-ecs'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import type { DatabaseServer } from '../data/database.ts'
import { environmentDeadLettersArn } from '../dead-letters.ts'
import type { SharedResources } from '../shared-resources.ts'
import { clusterArn, runnerRole, taskParameters } from './run-task.ts'
import { emptyDefinition } from './task.ts'

export type PrepareDatabaseProps = {
  service: Service
  shared: SharedResources
  server: DatabaseServer
  database: string
  /** The service's own. */
  secret: ISecret
  logGroup: ILogGroup
}

/**
 * PostgreSQL's own client, `postgres:17-alpine` as of 2026-10-09; `\getenv` in the script needs
 * version 15 or later. By its digest: a tag may move to another image, and this one is given the
 * administrator's password.
 */
const CLIENT =
  'public.ecr.aws/docker/library/postgres@sha256:b0f9560a2de083e2cc7382e75f808c7381a32852a7ec49117deedb300e552b24'

/** Waits for a server that is just being made or woken, for ten minutes at most. */
const COMMAND =
  'for _ in $(seq 120); do pg_isready --quiet && break; sleep 5; done; ' +
  'printf %s "$SCRIPT" | psql --no-psqlrc --set ON_ERROR_STOP=1'

/** Long enough for a throttled ECS to recover; after that a person should know. */
const RETRY = { maximumRetryAttempts: 8, maximumEventAgeInSeconds: 6 * 60 * 60 }

/**
 * The task that runs `database.sql`. The service's stack starts it whenever it has been created or
 * updated; by hand it is `aws ecs run-task --task-definition <environment>-<service>-database`.
 * Only this task can read the administrator's password, and no image of the service runs in it.
 */
export function prepareDatabase(scope: Construct, props: PrepareDatabaseProps): void {
  const { service, shared, server, database, secret, logGroup } = props
  const definition = emptyDefinition(scope, {
    what: `${service.name}-database`,
    size: { cpu: 256, memory: 512, platform: 'arm64' },
    execution: { logGroup, secrets: [secret, server.adminSecret] },
  })
  definition.addContainer('prepare', {
    image: ContainerImage.fromRegistry(CLIENT),
    command: ['sh', '-c', COMMAND],
    environment: {
      PGHOST: server.address,
      PGPORT: server.port,
      PGDATABASE: 'postgres',
      PGSSLMODE: 'require',
      SERVICE_DATABASE: database,
      SCRIPT: readFileSync(`${import.meta.dirname}/database.sql`, 'utf8'),
    },
    secrets: {
      PGUSER: EcsSecret.fromSecretsManager(server.adminSecret, 'username'),
      PGPASSWORD: EcsSecret.fromSecretsManager(server.adminSecret, 'password'),
      SERVICE_USER: EcsSecret.fromSecretsManager(secret, 'username'),
      SERVICE_PASSWORD: EcsSecret.fromSecretsManager(secret, 'password'),
    },
    logging: LogDriver.awsLogs({ streamPrefix: 'database', logGroup }),
  })
  acknowledge(
    definition,
    'AwsSolutions-ECS2',
    'The variables say where the database is and what to run; the passwords come from Secrets Manager.',
  )
  afterEachDeployment(scope, { definition, service, shared })
}

function afterEachDeployment(
  scope: Construct,
  {
    definition,
    service,
    shared,
  }: { definition: ReturnType<typeof emptyDefinition>; service: Service; shared: SharedResources },
): void {
  const stack = Stack.of(scope)
  const name = named(scope, service.name, 'database')
  const role = runnerRole(scope, 'runner', {
    by: 'events.amazonaws.com',
    source: stack.formatArn({ service: 'events', resource: 'rule', resourceName: name }),
    cluster: service.cluster,
    definition,
  })
  const { taskDefinitionArn, subnets, securityGroups, ...parameters } = taskParameters(definition, {
    vpc: shared.vpc,
    securityGroup: shared.securityGroups.backend,
  })
  new CfnRule(scope, 'deployed', {
    name,
    description: `Prepares the database of ${service.name} when its stack has been deployed`,
    eventPattern: {
      source: ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      detail: {
        'stack-id': [stack.stackId],
        'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
      },
    },
    targets: [
      {
        id: 'task',
        arn: clusterArn(scope, service.cluster),
        roleArn: role.roleArn,
        ecsParameters: {
          ...parameters,
          taskDefinitionArn,
          launchType: 'FARGATE',
          networkConfiguration: {
            awsVpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' },
          },
        },
        retryPolicy: RETRY,
        deadLetterConfig: { arn: environmentDeadLettersArn(scope) },
      },
    ],
  })
}
