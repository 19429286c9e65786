/** The members of a request or an answer. */
type Members = Readonly<Record<string, unknown>>

/** What CloudTrail writes of a call. */
export type Parameters = {
  request(input: Members, operation: string): unknown
  answer(output: Members, operation: string): unknown
}

/** What nobody may read: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html */
const HIDDEN: Readonly<Record<string, string>> = { masterUserPassword: '****' }

/** `DBInstanceIdentifier` -> `dBInstanceIdentifier`: the first letter alone, and dates as Java writes them. */
function camel(value: unknown): unknown {
  if (value instanceof Date) return javaDate(value)
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => {
        const written = name.charAt(0).toLowerCase() + name.slice(1)
        return [written, HIDDEN[written] ?? camel(member)]
      }),
  )
}

/** `Mar 2, 2026, 9:00:00 AM` */
const javaDate = (date: Date): string =>
  date
    .toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
    .replace(/[\u202f]/g, ' ')

/** As the API has it, in lower case at the front. */
export const AS_IT_IS: Parameters = { request: camel, answer: camel }

/** Nothing is answered. */
export const WITHOUT_ANSWER: Parameters = { request: camel, answer: () => null }

/** The one structure that an answer holds stands for the answer. */
export const UNWRAPPED: Parameters = {
  request: camel,
  answer: (output) => {
    const values = Object.values(output)
    return camel(values.length === 1 ? values[0] : output)
  },
}

/**
 * EC2 writes lists as its XML has them, in `items` of a `…Set`.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/using-cloudtrail.html
 */
export const EC2: Parameters = {
  request: (input, operation) => {
    const { InstanceIds, Resources, Tags, TagSpecifications, Force, ...more } = input
    return {
      ...(operation === 'RunInstances' ? launched(more) : (camel(more) as object)),
      ...(InstanceIds === undefined ? {} : { instancesSet: items(InstanceIds, 'instanceId') }),
      ...(Resources === undefined ? {} : { resourcesSet: items(Resources, 'resourceId') }),
      ...(Tags === undefined ? {} : { tagSet: { items: camel(Tags) } }),
      ...(TagSpecifications === undefined
        ? {}
        : { tagSpecificationSet: { items: camel(TagSpecifications) } }),
      ...(operation === 'StopInstances' ? { force: Force ?? false } : {}),
    }
  },
  answer: (output, operation) => {
    const changed =
      output.StartingInstances ?? output.StoppingInstances ?? output.TerminatingInstances
    if (changed !== undefined) return { instancesSet: { items: camel(changed) } }
    const { Instances, ...more } = output
    if (operation === 'CreateVolume' || operation === 'CreateSnapshot') return camel(output)
    if (Instances === undefined) return { _return: true }
    return {
      ...(camel(more) as object),
      instancesSet: { items: (Instances as Members[]).map(instance) },
    }
  },
}

const items = (values: unknown, name: string) => ({
  items: (values as unknown[]).map((value) => ({ [name]: value })),
})

/** What is said of the instances themselves stands in their set. */
function launched({ ImageId, KeyName, MinCount, MaxCount, ...more }: Members): object {
  const one = camel({ ImageId, KeyName, MinCount, MaxCount })
  return { instancesSet: { items: [one] }, ...(camel(more) as object) }
}

function instance({ State, Tags, ...more }: Members): object {
  return {
    ...(camel(more) as object),
    instanceState: camel(State),
    ...(Tags === undefined ? {} : { tagSet: { items: camel(Tags) } }),
  }
}
