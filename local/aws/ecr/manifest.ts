import * as z from 'zod'
import { AwsError } from '../errors.ts'

const text = z.optional(z.string())
const annotations = z.optional(z.record(z.string(), z.string()))

const descriptor = z.looseObject({
  mediaType: text,
  digest: text,
  size: z.optional(z.number()),
})

const manifest = z.looseObject({
  mediaType: text,
  artifactType: text,
  config: z.optional(descriptor),
  layers: z.optional(z.array(descriptor)),
  manifests: z.optional(
    z.array(
      z.looseObject({
        digest: z.string(),
        platform: z.optional(z.looseObject({ os: z.string(), architecture: z.string() })),
      }),
    ),
  ),
  subject: z.optional(z.looseObject({ digest: z.string() })),
  annotations,
})

/** A manifest, as far as the registry looks into it. */
export type Manifest = z.infer<typeof manifest>

/** @throws AwsError InvalidParameterException for what is not JSON, or not of a manifest's shape. */
export function parseManifest(content: string): Manifest {
  const read = manifest.safeParse(parsed(content))
  if (read.success) return read.data
  const [{ path, message } = { path: [], message: '' }] = read.error.issues
  throw invalid(`${path.map(String).join('.') || 'it'}: ${message}`.slice(0, 200))
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw invalid('Invalid JSON syntax')
  }
}

const invalid = (why: string): AwsError =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${why}'`,
  )
