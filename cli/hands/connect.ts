import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache'
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds'
import { readCatalog } from '../../catalog/read.ts'
import { type Configuration, configurationOf, explained } from '../asking/configuration.ts'
import { type Place, type PlaceOptions, placeOf } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { oneOf } from './catalog.ts'
import { needsMachines, needsSessions } from './plugin.ts'

type Options = PlaceOptions & {
  /** Of this machine; the server's own when absent. */
  port?: number | undefined
}

/**
 * Forwards a port of this machine to a database, through the bastion, until Ctrl-C.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 *
 * @param database `database` (the shared one), `cache`, or a service with a server of its own.
 * @returns what the AWS CLI ends with.
 */
export async function connect(
  database: string,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { services } = readCatalog(options.catalog)
  const own = services.filter((one) => one.database === 'own').map(({ name }) => name)
  oneOf('database', database, ['database', 'cache', ...own])
  const place = await placeOf(options, terminal)
  needsMachines(place, 'there is nothing to forward a port to')
  needsSessions(terminal)
  const { words, server, port } = await connectWords(place, database, options.port)
  terminal.tell(
    `localhost:${port} is ${server} until Ctrl-C. Whose password is where: docs/access.md#a-database-through-the-bastion`,
  )
  return terminal.runs('aws', words)
}

type Server = { name: string; host: string; port: number }

/** The words of the AWS CLI. @throws Problem when the server or the bastion is not there. */
export async function connectWords(place: Place, database: string, local: number | undefined) {
  try {
    const configuration = await configurationOf(place)
    const bastion = await bastionOf(configuration, place.environment)
    const { name, host, port } =
      database === 'cache'
        ? await cacheOf(configuration, place.environment)
        : await databaseOf(configuration, place.environment, database)
    const parameters = `host=${host},portNumber=${port},localPortNumber=${local ?? port}`
    return {
      ...{ server: name, port: local ?? port },
      words: [
        ...['ssm', 'start-session', '--region', place.region, '--target', bastion],
        ...['--document-name', 'AWS-StartPortForwardingSessionToRemoteHost'],
        ...['--parameters', parameters],
      ],
    }
  } catch (error) {
    throw explained(error, place)
  }
}

async function bastionOf(configuration: Configuration, environment: string): Promise<string> {
  const name = `${environment}-bastion`
  const { Reservations = [] } = await new EC2Client(configuration).send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: [name] }] }),
  )
  const all = Reservations.flatMap(({ Instances = [] }) => Instances)
  const running = all.find(({ State }) => State?.Name === 'running')
  if (running?.InstanceId !== undefined) return running.InstanceId
  const stopped = all.find(({ State }) => State?.Name === 'stopped')
  throw new Problem(
    stopped === undefined
      ? `There is no bastion ${name}.`
      : `The bastion ${name} is stopped. Start it: aws ec2 start-instances --instance-ids ${stopped.InstanceId}; and stop it when you have finished.`,
  )
}

async function databaseOf(
  configuration: Configuration,
  environment: string,
  database: string,
): Promise<Server> {
  const name =
    database === 'database' ? `${environment}-database` : `${environment}-${database}-database`
  const { DBInstances = [] } = await new RDSClient(configuration).send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }),
  )
  const [found] = DBInstances
  const { Address, Port = 5432 } = found?.Endpoint ?? {}
  if (found?.DBInstanceStatus === 'available' && Address !== undefined) {
    return { name, host: Address, port: Port }
  }
  throw new Problem(
    `The database ${name} is ${found?.DBInstanceStatus ?? 'not there'}: \`npx caretaker wake\` a service that uses it.`,
  )
}

async function cacheOf(configuration: Configuration, environment: string): Promise<Server> {
  const name = `${environment}-cache`
  const { ReplicationGroups = [] } = await new ElastiCacheClient(configuration).send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: name }),
  )
  const { Address, Port = 6379 } = ReplicationGroups[0]?.NodeGroups?.[0]?.PrimaryEndpoint ?? {}
  if (Address === undefined) throw new Problem(`The cache ${name} has no address yet.`)
  return { name, host: Address, port: Port }
}
