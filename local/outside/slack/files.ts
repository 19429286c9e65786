import type { World } from '../../aws/world.ts'
import { type Arguments, parsed, required, SlackError } from './arguments.ts'

type File = {
  id: string
  name: string
  length: number
  title: string
  uploaded: boolean
  readyAt: number
}

/** Slack looks through an uploaded file before a message may show it; how long is not documented. */
const LOOKED_THROUGH_MILLISECONDS = 5_000

/** The files an app uploads. https://docs.slack.dev/messaging/working-with-files */
export class Files {
  readonly #world: World
  readonly #team: string
  readonly #files = new Map<string, File>()

  constructor(world: World, team: string) {
    this.#world = world
    this.#team = team
  }

  /** `files.getUploadURLExternal`. */
  begin(given: Arguments): object {
    const name = required(given, 'filename')
    const length = Number(required(given, 'length'))
    const id = `F${String(this.#files.size + 1).padStart(10, '0')}`
    const file = { id, name, length, title: name, uploaded: false }
    this.#files.set(id, { ...file, readyAt: Number.POSITIVE_INFINITY })
    return { upload_url: `https://files.slack.com/upload/v1/${id}`, file_id: id }
  }

  /** The bytes themselves, as they are or as a form. */
  async upload(request: Request): Promise<Response> {
    const file = this.#files.get(new URL(request.url).pathname.split('/').at(-1) ?? '')
    if (file === undefined) return new Response('Not found', { status: 404 })
    const form = request.headers.get('content-type')?.startsWith('multipart/form-data') === true
    const { size } = form
      ? await sentIn(await request.formData())
      : { size: (await request.arrayBuffer()).byteLength }
    if (size !== file.length) return new Response('Wrong length', { status: 400 })
    file.uploaded = true
    return new Response(`OK - ${size}`)
  }

  /** `files.completeUploadExternal`, without a channel: the app alone has the file then. */
  complete(given: Arguments): object {
    const asked = parsed(required(given, 'files'), 'invalid_arguments') as Partial<File>[]
    const files = asked.map(({ id = '', title }) => {
      const file = this.#files.get(id)
      if (file === undefined || !file.uploaded) throw new SlackError('file_not_found')
      return Object.assign(file, title === undefined ? {} : { title })
    })
    for (const file of files) file.readyAt = this.#world.now + LOOKED_THROUGH_MILLISECONDS
    return {
      files: files.map((file) => ({
        id: file.id,
        title: file.title,
        url_private: this.#url(file),
      })),
    }
  }

  /** Whether a message may show a file now: it is an image, and Slack has looked through it. */
  isUsable({ id, url: address }: { id?: string; url?: string }): boolean {
    const file = [...this.#files.values()].find(
      (one) => one.id === id || this.#url(one) === address,
    )
    return (
      file !== undefined && this.#world.now >= file.readyAt && /\.(png|jpe?g|gif)$/i.test(file.name)
    )
  }

  #url({ id, name }: File): string {
    return `https://files.slack.com/files-pri/${this.#team}-${id}/${name}`
  }
}

async function sentIn(form: FormData): Promise<{ size: number }> {
  const parts = [...form.values()].filter((value) => value instanceof Blob)
  return { size: parts.reduce((sum, { size }) => sum + size, 0) }
}
