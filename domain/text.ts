/**
 * At most `most` characters of a text that comes from outside (a tag, a manifest, an error, a line
 * of log), so that what Caretaker keeps or hands on cannot grow with it. A cut is shown by "…".
 *
 * Control characters become spaces: they would reach a terminal or a Slack message.
 */
export function cut(text: string, most: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = text.slice(0, most + 1).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`
}

/** What a message shows of a log, and so what a record keeps: of one line, and of all together. */
export const LOG_LINE_CHARACTERS = 400
export const LOG_CHARACTERS = 2400

/** A reason in a record: a few sentences. */
export const REASON_CHARACTERS = 500
