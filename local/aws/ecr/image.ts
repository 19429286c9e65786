import { createHash } from 'node:crypto'

/** How a container of an image behaves when it runs. Simulated seconds. */
export type Behaviour = 'healthy' | 'crashes' | 'unhealthy' | 'never-starts'

/** What an image does and contains, for scenarios and the console. */
export type ImageDescription = {
  behaviour?: Behaviour
  /** Seconds from the container's start until it answers. */
  startup?: number
  /** Seconds from SIGTERM until the container has finished its work and ends. */
  shutdown?: number
  /** What a crashing container exits with. */
  exitCode?: number
  /** Seconds from the container's start until a crashing one exits. */
  after?: number
  /** `linux/amd64`, `linux/arm64`. Default both. */
  architectures?: readonly string[]
  /** What a basic scan finds. */
  findings?: Readonly<Record<string, number>>
  /** The program that its configuration names and none of its layers has. */
  missingProgram?: string
  /** The last lines a crashing container writes. */
  logs?: readonly string[]
  /** One of its commands, by a word of it, that crashes; with others it does as above. */
  failing?: { command: string; exitCode?: number; logs?: readonly string[] }
  /** What is pushed if it is not a container image. */
  artifact?: 'image' | 'signature' | 'sbom' | 'attestation' | 'cache' | 'helm'
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const INDEXES: readonly string[] = [
  INDEX,
  'application/vnd.docker.distribution.manifest.list.v2+json',
]

/** What a registry keeps. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html */
export const MANIFEST_TYPES: readonly string[] = [
  MANIFEST,
  'application/vnd.docker.distribution.manifest.v2+json',
  ...INDEXES,
]

/** Content that the registry keeps under its digest. */
type Blob = { digest: string; text: string }

/** A manifest and the blobs it names; the size of compressed layers is only declared. */
export type BuiltImage = {
  digest: string
  mediaType: string
  manifest: string
  blobs: Blob[]
  platforms: string[]
}

export const digestOf = (text: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`

const blob = (text: string): Blob => ({ digest: digestOf(text), text })

/** Where an image comes from: makes every push's content its own. */
type Origin = { repository: string; seed: number; number: number; created: Date }

/** The program that every image built here has. */
export const PROGRAM = '/app/server'

/** One image manifest for one platform, with its configuration and two layers. */
export function buildImage(platform: string, origin: Origin): BuiltImage {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/')
  const layer = blob(`${origin.repository}/${origin.seed}/${origin.number}/${platform}`)
  const base = blob(`base/${platform}`)
  const config = blob(
    JSON.stringify({
      created: origin.created.toISOString(),
      architecture,
      os,
      config: { Entrypoint: [PROGRAM], Labels: labelsOf(origin) },
      rootfs: { type: 'layers', diff_ids: [base.digest, layer.digest] },
    }),
  )
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: config.digest,
      size: config.text.length,
    },
    layers: [base, layer].map(({ digest }, index) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size: index === 0 ? 41_318_400 : 9_437_184 + origin.number,
    })),
  })
  const digest = digestOf(manifest)
  const blobs = [config, base, layer]
  return { digest, mediaType: MANIFEST, manifest, blobs, platforms: [platform] }
}

/** The index over images of several platforms. */
export function buildIndex(children: readonly BuiltImage[]): BuiltImage {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: children.map((child) => {
      const [os, architecture] = (child.platforms[0] ?? '').split('/')
      const platform = { architecture, os }
      return { mediaType: MANIFEST, digest: child.digest, size: child.manifest.length, platform }
    }),
  })
  const platforms = children.flatMap((child) => child.platforms)
  return { digest: digestOf(manifest), mediaType: INDEX, manifest, blobs: [], platforms }
}

/** `config` and `layer` media types of what is not a container image. */
const ARTIFACTS: Record<string, { config: string; layer: string }> = {
  signature: {
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.dev.cosign.simplesigning.v1+json',
  },
  sbom: { config: 'application/vnd.oci.empty.v1+json', layer: 'application/spdx+json' },
  attestation: {
    config: 'application/vnd.oci.empty.v1+json',
    layer: 'application/vnd.in-toto+json',
  },
  cache: {
    config: 'application/vnd.buildkit.cacheconfig.v0',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  helm: {
    config: 'application/vnd.cncf.helm.config.v1+json',
    layer: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  },
}

/** A manifest for something that is not a container image. */
export function buildArtifact(kind: string, origin: Origin): BuiltImage {
  const types = ARTIFACTS[kind]
  if (types === undefined) throw new Error(`There is no artifact ${kind}`)
  const config = blob('{}')
  const content = blob(`${kind}/${origin.repository}/${origin.seed}/${origin.number}`)
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: types.config, digest: config.digest, size: config.text.length },
    layers: [{ mediaType: types.layer, digest: content.digest, size: content.text.length }],
  })
  const digest = digestOf(manifest)
  return { digest, mediaType: MANIFEST, manifest, blobs: [config, content], platforms: [] }
}

/** The labels a build in a pipeline leaves: which commit, of what. */
function labelsOf({ repository, seed, number, created }: Origin): Record<string, string> {
  return {
    'org.opencontainers.image.created': created.toISOString(),
    'org.opencontainers.image.revision': digestOf(`${repository}/${seed}/${number}`).slice(7, 47),
    'org.opencontainers.image.source': `https://github.com/example/${repository}`,
    'org.opencontainers.image.title': repository,
  }
}
