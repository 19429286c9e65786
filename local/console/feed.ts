import type { ServerResponse } from 'node:http'
import type { Pace } from '../simulation/pace.ts'
import type { Seen, Source, Watching } from './source.ts'
import type { Part, View } from './view.ts'
import { type SharedView, sharedView, watchedView } from './views.ts'

/** Real milliseconds between two updates of a page. */
const INTERVAL = 100

type Viewer = {
  response: ServerResponse
  watching: Watching
  /** Each part as it was last sent. */
  sent: Map<Part, string>
}

/** Keeps every open page up to date: server-sent events, each with only the parts that changed. */
export class Feed {
  readonly #source: Source
  readonly #pace: Pace | undefined
  readonly #viewers = new Set<Viewer>()
  #due: NodeJS.Timeout | undefined
  /** Ends the listening; undefined while nobody looks, and an account is not read. */
  #ignore: (() => void) | undefined

  constructor(source: Source, pace: Pace | undefined) {
    this.#source = source
    this.#pace = pace
  }

  /** The whole view at this moment. */
  async view(watching: Watching = {}): Promise<View> {
    const seen = await this.#source.see()
    return this.#viewOf(seen, sharedView(this.#source, seen, this.#pace), watching)
  }

  /** Answers a request with a stream that lasts until the page is closed. */
  async open(response: ServerResponse, watching: Watching = {}): Promise<void> {
    const viewer: Viewer = { response, watching, sent: new Map() }
    this.#viewers.add(viewer)
    this.#ignore ??= this.#listen(() => this.#schedule())
    response.on('close', () => this.#leave(viewer))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // A page that lost the connection tries again soon: the server is on the same machine.
    response.write('retry: 1000\n\n')
    this.#send(viewer, await this.view(watching))
  }

  /** A simulation changes whenever its time passes. */
  #listen(listener: () => void): () => void {
    return this.#pace?.onTick(listener) ?? this.#source.onChange(listener)
  }

  #leave(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    if (this.#viewers.size > 0) return
    this.#ignore?.()
    this.#ignore = undefined
  }

  close(): void {
    this.#ignore?.()
    clearTimeout(this.#due)
    for (const { response } of this.#viewers) response.end()
  }

  /** However often something changes, pages are told ten times a second at most. */
  #schedule(): void {
    if (this.#viewers.size === 0) return
    this.#due ??= setTimeout(() => void this.#update(), INTERVAL)
  }

  async #update(): Promise<void> {
    const seen = await this.#source.see()
    const shared = sharedView(this.#source, seen, this.#pace)
    this.#due = undefined
    for (const viewer of this.#viewers) {
      this.#send(viewer, await this.#viewOf(seen, shared, viewer.watching))
    }
  }

  async #viewOf(seen: Seen, shared: SharedView, watching: Watching): Promise<View> {
    const own = { ...seen, ...(await this.#source.more?.(watching)) }
    return { ...shared, ...watchedView(own, watching, this.#source.now()) }
  }

  #send(viewer: Viewer, view: View): void {
    // A page that cannot keep up gets the next update instead of a longer queue.
    if (viewer.response.writableNeedDrain) return
    const changed = (Object.keys(view) as Part[]).flatMap((part) => {
      const text = JSON.stringify(view[part])
      if (viewer.sent.get(part) === text) return []
      viewer.sent.set(part, text)
      return [`${JSON.stringify(part)}:${text}`]
    })
    if (changed.length > 0) viewer.response.write(`data: {${changed.join(',')}}\n\n`)
  }
}
