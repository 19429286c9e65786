import type { Told } from '../../domain/acts/offers.ts'
import type { MessagePlace } from '../../domain/table/message.ts'

/** A record as the stream tells of it, and as it was before the change; absent for a new one. */
export type Changed = { record: Told; before: Told | undefined; isNew: boolean }

/** What need not be read of a record's message, and how to keep it for the next change. */
export type Known = {
  /** Absent where it must be read; `place` undefined: nothing was posted yet. */
  message?: { place: MessagePlace | undefined }
  keep(place: MessagePlace): void
}

/** Roll-outs under way at once, at most, of which this is worth it. */
const MOST = 200

/**
 * What one execution environment told last. It holds only where the stream says that the record was,
 * before its change, what this environment told: then nobody else has told anything of it since.
 */
export class Memory {
  /** Slack has taken everything lately: what the table says of its refusals need not be read. */
  works = true
  readonly #told = new Map<string, { as: string; place: MessagePlace }>()

  /**
   * @param name of the record.
   * @param offers whether the message has buttons: theirs are looked up before anything is made.
   */
  of(name: string, { record, before, isNew }: Changed, offers: boolean): Known {
    const told = this.#told.get(name)
    // Kept anew once it is told; until then nobody knows.
    this.#told.delete(name)
    const keep = (place: MessagePlace) => this.#keep(name, record, place)
    if (told !== undefined && told.as === JSON.stringify(before))
      return { message: { place: told.place }, keep }
    // A claim that is there already says so when ours is refused.
    const isFirst = isNew && !offers && record.thread === undefined
    return isFirst ? { message: { place: undefined }, keep } : { keep }
  }

  #keep(name: string, record: Told, place: MessagePlace): void {
    // Others wait in the queue for their chart, or have notes, which are told by and by.
    if (record.kind !== 'roll-out' || (record.notes ?? []).length > 0) return
    const [oldest] = this.#told.keys()
    if (oldest !== undefined && this.#told.size >= MOST) this.#told.delete(oldest)
    this.#told.set(name, { as: JSON.stringify(record), place })
  }
}
