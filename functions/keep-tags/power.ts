import {
  DescribeInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  StartDBClusterCommand,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { nameOf } from './read/reader.ts'
import type { Sources } from './sources.ts'

type Clients = Pick<Sources, 'ec2' | 'rds' | 'log'>

/** Stops it: it keeps everything it has on its disks. @returns whether AWS has taken it. */
export function stop(clients: Clients, one: TagCase): Promise<boolean> {
  const name = nameOf(one)
  switch (one.type) {
    case 'ec2:instance':
      return taken(clients, one, () =>
        clients.ec2.send(new StopInstancesCommand({ InstanceIds: [name] })),
      )
    case 'rds:db':
      return taken(clients, one, () =>
        clients.rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: name })),
      )
    case 'rds:cluster':
      return taken(clients, one, () =>
        clients.rds.send(new StopDBClusterCommand({ DBClusterIdentifier: name })),
      )
    default:
      return Promise.resolve(false)
  }
}

/**
 * Why it does not want to be stopped, if it says so.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html
 */
export async function protectionOf(
  { ec2, log }: Clients,
  one: TagCase,
): Promise<string | undefined> {
  if (one.type !== 'ec2:instance') return undefined
  const asked = { InstanceId: nameOf(one), Attribute: 'disableApiStop' as const }
  try {
    const { DisableApiStop } = await ec2.send(new DescribeInstanceAttributeCommand(asked))
    return DisableApiStop?.Value === true ? 'it is protected against being stopped' : undefined
  } catch (error) {
    log.error('whether it is protected cannot be read', { resource: one.id, error })
    return 'whether it is protected cannot be read'
  }
}

/** Starts what was stopped for its tags, which it has now. @returns whether AWS has taken it. */
export function start(clients: Clients, one: TagCase): Promise<boolean> {
  const name = nameOf(one)
  switch (one.type) {
    case 'ec2:instance':
      return taken(clients, one, () =>
        clients.ec2.send(new StartInstancesCommand({ InstanceIds: [name] })),
      )
    case 'rds:db':
      return taken(clients, one, () =>
        clients.rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: name })),
      )
    case 'rds:cluster':
      return taken(clients, one, () =>
        clients.rds.send(new StartDBClusterCommand({ DBClusterIdentifier: name })),
      )
    default:
      return Promise.resolve(false)
  }
}

/** What AWS refuses for one resource keeps the others from nothing; the next sweep asks again. */
async function taken({ log }: Clients, { id }: TagCase, call: () => Promise<unknown>) {
  try {
    await call()
    return true
  } catch (error) {
    log.error('AWS does not start or stop it', { resource: id, error })
    return false
  }
}
