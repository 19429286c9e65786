import { cut } from '../../../domain/text.ts'

/** What is read of an image's configuration, which is text from outside. */
export type Configuration = { os?: unknown; architecture?: unknown; config?: unknown }

/** An image's configuration is some kilobytes; what is larger is not read. */
const CONFIGURATION_BYTES = 1024 * 1024
/** Labels of an image that are told, and how much of each. */
const [LABELS, LABEL_CHARACTERS] = [40, 300]

/** Labels of a configuration, as the build has written them. */
export function labelsIn({ config }: Configuration): Record<string, string> {
  const { Labels } = (config ?? {}) as { Labels?: Record<string, unknown> | null }
  const pairs = Object.entries(Labels ?? {}).slice(0, LABELS)
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[cut(name, LABEL_CHARACTERS), cut(value, LABEL_CHARACTERS)]]
        : [],
    ),
  )
}

/**
 * A configuration blob, read no further than its allowed size, whatever the server says it is.
 *
 * @throws LayerUnreadable for one that is larger, or no JSON object.
 */
export async function configurationIn(answer: Response, what: string): Promise<Configuration> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > CONFIGURATION_BYTES) {
      throw new LayerUnreadable(`${what} is larger than ${CONFIGURATION_BYTES} bytes`)
    }
    parts.push(part)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch (cause) {
    throw new LayerUnreadable(`${what} is no JSON`, { cause })
  }
}

/** ECR gave an address for an image's configuration, and it did not answer. */
export class LayerUnreadable extends Error {
  override readonly name = 'LayerUnreadable'
}
