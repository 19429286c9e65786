import type { Message } from './markup.ts'

/** How records of one kind are told. */
export type Renderer<OneRecord> = {
  /** Whether a record, as it stands, is worth a message. */
  isTold(record: OneRecord): boolean
  /** The one message of a record, as it stands now. */
  render(record: OneRecord): Message
}
