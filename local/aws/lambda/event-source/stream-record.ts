import type { _Record } from '@aws-sdk/client-dynamodb-streams'

/** A record of a DynamoDB stream as Lambda's event shows it. */
export type StreamRecord = {
  eventSourceARN: string
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number
    SequenceNumber: string
    [member: string]: unknown
  }
  [member: string]: unknown
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function streamRecord(record: _Record, eventSourceARN: string): StreamRecord {
  const { userIdentity, dynamodb = {}, ...rest } = record
  const { ApproximateCreationDateTime, SequenceNumber = '', ...images } = dynamodb
  return {
    ...rest,
    dynamodb: {
      ...(plain(images) as object),
      ApproximateCreationDateTime: (ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
      SequenceNumber,
    },
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN,
  }
}

/** Bytes become base64, as in every event. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}
