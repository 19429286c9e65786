import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

export const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

/** An image as a builder makes it: a manifest, and what it names. */
export type OciImage = { manifest: string; digest: string; blobs: Map<string, Uint8Array> }

type Wanted = { labels?: Record<string, string>; architecture?: string; program?: string }

/** One layer with one program in it, for one platform. */
export function ociImage({ labels, architecture = 'arm64', program = 'true' }: Wanted): OciImage {
  const tar = tarOf('app/server', `#!/bin/sh\n${program}\n`)
  const layer = gzipSync(tar)
  const config = Buffer.from(
    JSON.stringify({
      ...{ created: '2026-03-02T08:00:00Z', os: 'linux', architecture },
      config: { Entrypoint: ['/app/server'], ...(labels === undefined ? {} : { Labels: labels }) },
      rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
    }),
  )
  const manifest = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: OCI_MANIFEST },
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
  })
  const blobs = new Map([config, layer].map((content) => [sha256(content), content] as const))
  return { manifest, digest: sha256(manifest), blobs }
}

export function ociIndex(images: readonly { architecture: string; image: OciImage }[]): string {
  const manifests = images.map(({ architecture, image }) => ({
    ...descriptor(OCI_MANIFEST, Buffer.from(image.manifest)),
    platform: { os: 'linux', architecture },
  }))
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests })
}

const descriptor = (mediaType: string, content: Uint8Array) => ({
  ...{ mediaType, digest: sha256(content), size: content.length },
})

/**
 * Writes an image as a directory that skopeo reads: `oci:<directory>`.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export function writeLayout(directory: string, { manifest, digest, blobs }: OciImage): void {
  const folder = join(directory, 'blobs/sha256')
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of [...blobs, [digest, Buffer.from(manifest)] as const]) {
    writeFileSync(join(folder, name.slice('sha256:'.length)), content)
  }
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  const manifests = [descriptor(OCI_MANIFEST, Buffer.from(manifest))]
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
}

/** A tar archive with one file: POSIX's format, of which the unused fields stay zero. */
function tarOf(name: string, text: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000755\0', 100)
  header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0ustar\x0000', 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512)
  content.write(text)
  return Buffer.concat([header, content, Buffer.alloc(1024)])
}
