import { createHash } from 'node:crypto'
import * as z from 'zod'

/** A program that no image has. */
const NO_PROGRAM = '/caretaker-verify/there-is-no-such-program'
const LABEL = 'caretaker.verify'

const config = z.looseObject({
  config: z.optional(z.looseObject({ Labels: z.nullish(z.record(z.string(), z.string())) })),
})
const manifest = z.looseObject({ config: z.looseObject({ digest: z.string(), size: z.number() }) })

/** An image of other layers' making: what is to be uploaded, and the manifest that names it. */
type Variant = { config: Uint8Array; configDigest: string; manifest: string; digest: string }

/** An image and the tag it is pushed with. */
export type Pushed = Variant & { tag: string }

/** A good and a bad image, whose tags begin with the name of the service that takes them. */
export const pairOf = (image: Parameters<typeof variantOf>[0], name: string) => ({
  good: taggedOf(image, `${name}-good`, false),
  bad: taggedOf(image, `${name}-bad`, true),
})

const taggedOf = (
  image: Parameters<typeof variantOf>[0],
  tag: string,
  broken: boolean,
): Pushed => ({
  tag,
  ...variantOf(image, { name: tag, broken }),
})

/**
 * The same layers under another configuration: with a label more it is another image that does the
 * same; `broken`, its program is one that it does not have, so that no task of it starts.
 *
 * @param name the label's value, which makes the image's digest its own.
 */
export function variantOf(
  image: { manifest: string; config: string },
  { name, broken }: { name: string; broken: boolean },
): Variant {
  const before = config.parse(JSON.parse(image.config))
  const { Cmd: _, Entrypoint: __, ...kept } = before.config ?? {}
  const started = broken ? { ...kept, Entrypoint: [NO_PROGRAM] } : before.config
  const content = Buffer.from(
    JSON.stringify({
      ...before,
      config: { ...started, Labels: { ...before.config?.Labels, [LABEL]: name } },
    }),
  )
  const configDigest = digestOf(content)
  const written = manifest.parse(JSON.parse(image.manifest))
  const own = { ...written.config, digest: configDigest, size: content.length }
  const text = JSON.stringify({ ...written, config: own })
  return { config: content, configDigest, manifest: text, digest: digestOf(text) }
}

const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`
