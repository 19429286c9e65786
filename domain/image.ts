import { cut } from './text.ts'

/** A docker label on the container that stands in until the first image is pushed. */
export const PLACEHOLDER = 'caretaker.placeholder'

/** An image's place: `<registry>/<repository>[:<tag>][@<digest>]`. */
export type ImageReference = { registry: string; repository: string; tag?: string; digest?: string }

/** Takes an image reference apart. */
export function parseImage(image: string): ImageReference {
  const [name = '', digest] = image.split('@')
  const slash = name.indexOf('/')
  const host = name.slice(0, Math.max(slash, 0))
  // The first part is a host only if it looks like one: `library/nginx` has none.
  const registry = /[.:]/.test(host) ? host : ''
  const rest = registry === '' ? name : name.slice(slash + 1)
  const colon = rest.lastIndexOf(':')
  return {
    registry,
    repository: colon < 0 ? rest : rest.slice(0, colon),
    ...(colon < 0 ? {} : { tag: rest.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** `linux/amd64`, as OCI platforms are written. */
export type PlatformName = string

/** A container image as the registry describes it, as far as a decision needs it. */
export type Manifest = {
  mediaType: string
  artifactType?: string
  config?: { mediaType?: string; digest: string }
  layers?: { mediaType: string }[]
  manifests?: {
    digest?: string
    platform?: { os: string; architecture: string }
    annotations?: Record<string, string>
  }[]
}

/** Tags that tools give to what accompanies an image: never the image itself. */
const COMPANION_TAGS: [RegExp, string][] = [
  [/^sha256-[0-9a-f]{64}\.sig$/, 'a signature'],
  [/^sha256-[0-9a-f]{64}\.att$/, 'an attestation'],
  [/^sha256-[0-9a-f]{64}\.sbom$/, 'a bill of materials'],
  [/^sha256-[0-9a-f]{64}$/, 'a list of referrers'],
]

const COMPANION_TYPES: [RegExp, string][] = [
  [/helm\.(config|chart)/, 'a Helm chart'],
  [/cosign|notary|dsse|signature/, 'a signature'],
  [/in-toto|attestation/, 'an attestation'],
  [/spdx|cyclonedx|sbom|syft/, 'a bill of materials'],
  [/buildkit\.cacheconfig/, 'a build cache'],
]

const CONTAINER_TYPES = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

/** What a tag names if it is not a container image: `a signature`, `a Helm chart`…; else undefined. */
export function companionByTag(tag: string): string | undefined {
  return COMPANION_TAGS.find(([pattern]) => pattern.test(tag))?.[1]
}

/** The same, told from the manifest. */
export function companionByManifest(manifest: Manifest): string | undefined {
  const types = [
    manifest.artifactType,
    manifest.config?.mediaType,
    ...(manifest.layers ?? []).map(({ mediaType }) => mediaType),
  ].filter((type) => type !== undefined)
  const known = COMPANION_TYPES.find(([pattern]) => types.some((type) => pattern.test(type)))
  if (known !== undefined) return known[1]
  if (manifest.manifests !== undefined) return undefined
  const type = manifest.config?.mediaType
  return type === undefined || CONTAINER_TYPES.has(type)
    ? undefined
    : `an artifact (${cut(type, 80)})`
}

/** The platforms of an index; attestations (`unknown/unknown`) are not platforms. */
export function platformsOf(manifest: Manifest): PlatformName[] {
  return (manifest.manifests ?? [])
    .flatMap(({ platform }) => (platform === undefined ? [] : [platform]))
    .filter(({ os }) => os !== 'unknown')
    .slice(0, PLATFORMS)
    .map(platformName)
}

/**
 * The image of an index that a platform takes: what a registry scans, since an index has no layers.
 * Without a platform, or for one that the index does not have, its first image.
 */
export function imageFor(manifest: Manifest, platform?: PlatformName): string | undefined {
  const images = (manifest.manifests ?? []).filter((one) => one.platform?.os !== 'unknown')
  const named = images.find((one) => one.platform && platformName(one.platform) === platform)
  return (named ?? images[0])?.digest
}

/** An index names a dozen platforms at the most; what is said of more is left out. */
const PLATFORMS = 20
/** `linux/amd64`, `windows/amd64`: the longest of OCI's names are half as long. */
const PLATFORM_CHARACTERS = 40

/** A platform as OCI writes it, cut: a manifest is written by whoever pushes. */
export const platformName = ({ os, architecture }: { os: string; architecture: string }) =>
  cut(`${os}/${architecture}`, PLATFORM_CHARACTERS)

/**
 * The platform a task definition runs on, in OCI's words. Fargate without `runtimePlatform` is
 * Linux on x86; on EC2 it depends on the instance, so it is undefined.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 */
export function requiredPlatform(taskDefinition: {
  runtimePlatform?:
    | { cpuArchitecture?: string | undefined; operatingSystemFamily?: string | undefined }
    | undefined
  requiresCompatibilities?: string[] | undefined
}): PlatformName | undefined {
  const { runtimePlatform, requiresCompatibilities } = taskDefinition
  const onFargate = requiresCompatibilities?.includes('FARGATE') ?? false
  if (runtimePlatform?.cpuArchitecture === undefined && !onFargate) return undefined
  const family = runtimePlatform?.operatingSystemFamily ?? 'LINUX'
  const os = family.startsWith('WINDOWS') ? 'windows' : 'linux'
  return `${os}/${runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`
}

/** Twelve digits of a digest: enough for a person, short enough for a sentence. */
export const shortDigest = (digest: string): string => digest.replace('sha256:', '').slice(0, 12)
