import { dateAndTime } from '../../../domain/local-time.ts'
import type { TagsLost } from '../../../domain/table/tags-lost.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { localized } from '../when.ts'

const REASON_CHARACTERS = 700
const STAY = 'So that they stay'

/** The one message about an adopted resource whose tags somebody's tool has taken away. */
function render({ detail, subject, reason, owner, at }: TagsLost, says: Says): Notice {
  const { name, service, write } = detail
  const chosen = service === undefined ? '--only' : '--service'
  return {
    headline: `:label: *${literal(name)}* has lost tags of Caretaker's`,
    sentences: [
      `*Why:* ${outside(localized(reason, says, at), REASON_CHARACTERS)}`,
      `*Give them back:* \`caretaker adopt ${chosen} ${literal(subject.slice(subject.indexOf('/') + 1))}\``,
    ],
    log: { title: STAY, readOut: STAY, lines: write },
    footnote: dotted(
      literal(subject.split('/')[0] ?? ''),
      `found ${dateAndTime(at, says.timeZone)} ${says.timeZone}`,
      owner === '' ? '' : `owner ${literal(owner)}`,
      'said once',
    ),
  }
}

/** Tags that adopted resources have lost, in Slack. */
export const tagsLostRenderer: Renderer<TagsLost> = {
  isTold: () => true,
  stands: () => true,
  render,
}
