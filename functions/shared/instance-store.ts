import { DescribeInstanceTypesCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2'

/** `DescribeInstanceTypes` takes a hundred. */
const TYPES_AT_ONCE = 100

/**
 * Which of these types of instances have an instance store: disks of the machine that an instance
 * runs on, whose data is lost when it stops, hibernates or ends.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-lifetime.html
 */
export async function typesWithStore(
  ec2: EC2Client,
  types: Iterable<Instance['InstanceType']>,
): Promise<ReadonlySet<string>> {
  const all = [...new Set(types)].filter((type) => type !== undefined).toSorted()
  const found = new Set<string>()
  for (let start = 0; start < all.length; start += TYPES_AT_ONCE) {
    const { InstanceTypes = [] } = await ec2.send(
      new DescribeInstanceTypesCommand({
        InstanceTypes: all.slice(start, start + TYPES_AT_ONCE),
        Filters: [{ Name: 'instance-storage-supported', Values: ['true'] }],
      }),
    )
    for (const { InstanceType } of InstanceTypes) if (InstanceType) found.add(InstanceType)
  }
  return found
}
