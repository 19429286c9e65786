import { createHash } from 'node:crypto'
import type { MessageAttributeValue } from '@aws-sdk/client-sqs'

export type MessageAttributes = Record<string, MessageAttributeValue>

/** The MD5 of a body, in hexadecimal, which the SDK compares with its own. */
export function bodyDigest(body: string): string {
  return createHash('md5').update(body, 'utf8').digest('hex')
}

/**
 * The MD5 of the attributes in order of their names: each name, type and value after its length,
 * undefined without attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesDigest(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] as MessageAttributeValue
    hash.update(measured(Buffer.from(name))).update(measured(Buffer.from(DataType)))
    const binary = DataType.startsWith('Binary')
    hash.update(Buffer.of(binary ? 2 : 1))
    hash.update(measured(binary ? Buffer.from(BinaryValue ?? []) : Buffer.from(StringValue ?? '')))
  }
  return hash.digest('hex')
}

/** Bytes of body and attributes together: what counts against a queue's greatest size. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(body),
  )
}

function measured(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.byteLength)
  return Buffer.concat([length, bytes])
}
