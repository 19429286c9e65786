import { AwsError } from '../errors.ts'
import type { Manifest } from './manifest.ts'
import type { Repository } from './repository.ts'

type Content = string | Uint8Array

/** Bytes of everything that clients have uploaded: all of it is in this process's memory. */
const ROOM = 2 * 1024 ** 3

/**
 * Configurations and layers, each once under its digest, and which repository has which: a layer of
 * one repository is not there for another.
 */
export class Contents {
  readonly #contents = new Map<string, Content>()
  /** What an image names, or named before it was deleted. */
  readonly #named = new Set<string>()
  readonly #room: number
  #bytes = 0

  constructor(room = ROOM) {
    this.#room = room
  }

  keep({ layers }: Repository, digest: string, content: Content): void {
    layers.add(digest)
    if (this.#contents.has(digest)) return
    this.#contents.set(digest, content)
    this.#bytes += content.length
  }

  has({ layers }: Repository, digest: string): boolean {
    return layers.has(digest) && this.#contents.has(digest)
  }

  get(digest: string): Content | undefined {
    return this.#contents.get(digest)
  }

  /** An image names these: without it they may go. */
  name(digests: readonly string[]): void {
    for (const digest of digests) this.#named.add(digest)
  }

  /**
   * Makes room for so many bytes more, by forgetting what was of images that are deleted.
   *
   * @param underWay bytes of uploads that have not ended.
   * @throws AwsError LimitExceededException when that is not enough.
   */
  makeRoom(underWay: number, repositories: Iterable<Repository>): void {
    if (this.#bytes + underWay <= this.#room) return
    this.#forgetUnnamed([...repositories])
    if (this.#bytes + underWay <= this.#room) return
    throw new AwsError(
      'LimitExceededException',
      `The local AWS keeps what is pushed in memory, at most ${this.#room} bytes, and has ${this.#bytes}: delete images (aws ecr batch-delete-image), or end it and start it again`,
    )
  }

  #forgetUnnamed(repositories: readonly Repository[]): void {
    const images = repositories.flatMap((repository) => [...repository.images.values()])
    const wanted = new Set(images.flatMap(({ manifest }) => namedBy(manifest)))
    for (const digest of this.#named) {
      if (wanted.has(digest)) continue
      this.#bytes -= this.#contents.get(digest)?.length ?? 0
      this.#contents.delete(digest)
      this.#named.delete(digest)
      for (const { layers } of repositories) layers.delete(digest)
    }
  }
}

/** Layers that nobody may pass on stay where they came from; clients do not push them. */
const ELSEWHERE = /\.nondistributable\.|\.foreign\./

/** The configuration and the layers that a manifest names and its repository must have. */
export function namedBy({ config, layers = [] }: Manifest): string[] {
  return [config, ...layers].flatMap((one) =>
    one?.digest === undefined || ELSEWHERE.test(one.mediaType ?? '') ? [] : [one.digest],
  )
}
