import type { Notice, Says } from './notice.ts'

/** How records of one kind are told. */
export type Renderer<OneRecord> = {
  /** Whether a record, as it stands, is worth a message. */
  isTold(record: OneRecord): boolean
  /** Whether it still wants somebody's eyes, or is under way: what is not is a line in a summary. */
  stands(record: OneRecord): boolean
  /** What is said of a record, as it stands now. */
  render(record: OneRecord, says: Says): Notice
}
