/** Why a command cannot go on, as a message for the person who typed it; shown without a stack trace. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** Whoever ran the command has ended it; what that means is the message. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
