import { dateAndTime } from '../../../domain/local-time.ts'
import type { StillRed } from '../../../domain/table/still-red.ts'
import { outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NAME_CHARACTERS = 100

/** What a channel has left red, in one line. */
function render({ detail, at }: StillRed, { timeZone }: Says): Notice {
  const { alarms, more } = detail
  const count = alarms.length + more
  const named = alarms.map(
    ({ name, since }) =>
      `*${outside(name, NAME_CHARACTERS)}* since ${dateAndTime(since, timeZone)}`,
  )
  const rest = more > 0 ? ` and ${more} more` : ''
  const what = count === 1 ? 'One alarm is' : `${count} alarms are`
  return {
    headline: `:alarm_clock: ${what} still red, and nobody has acknowledged ${count === 1 ? 'it' : 'them'}: ${named.join(', ')}${rest}`,
    sentences: [],
    footnote: `as of ${dateAndTime(at, timeZone)} ${timeZone} · said each working day until somebody acknowledges or it is over`,
  }
}

/** Alarms that stay red, in Slack. */
export const stillRedRenderer: Renderer<StillRed> = {
  isTold: () => true,
  stands: () => true,
  render,
}
