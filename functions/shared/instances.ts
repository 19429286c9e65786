import {
  DescribeInstancesCommand,
  type EC2Client,
  type Filter,
  type Instance,
} from '@aws-sdk/client-ec2'

/** Set by EC2 Auto Scaling on what it has launched. */
export const GROUP = 'aws:autoscaling:groupName'

/** Terminated ones are listed for an hour, and are gone. */
export const THERE = ['pending', 'running', 'stopping', 'stopped'] as const

/**
 * The instances that these filters find, all pages, without those that are gone.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 *
 * @param named this one alone.
 * @throws InvalidInstanceID.NotFound where there is none of this id.
 */
export async function instancesThere(
  ec2: EC2Client,
  filters: readonly Filter[],
  named?: string,
): Promise<Instance[]> {
  const found: Instance[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [...filters, { Name: 'instance-state-name', Values: [...THERE] }],
        // Ids and a number of results cannot be asked for together.
        ...(named === undefined ? { MaxResults: 1000 } : { InstanceIds: [named] }),
        NextToken,
      }),
    )
    found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return found
}
