/** Why a command cannot go on, in words for whoever typed it; it is told without a stack trace. */
export class Problem extends Error {
  override readonly name = 'Problem'
}
