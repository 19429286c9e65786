/** Why a command cannot go on, as a message for the person who typed it; shown without a stack trace. */
export class Problem extends Error {
  override readonly name = 'Problem'
}
