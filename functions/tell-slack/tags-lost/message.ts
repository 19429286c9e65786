import { dateAndTime } from '../../../domain/local-time.ts'
import type { TagsLost } from '../../../domain/table/tags-lost.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { localized } from '../when.ts'

const REASON_CHARACTERS = 700
const STAY = 'So that they stay'

/** The one message about an adopted service whose tags somebody's tool has taken away. */
function render({ detail, reason, owner, at }: TagsLost, says: Says): Notice {
  const { service, cluster, write } = detail
  return {
    headline: `:label: *${literal(service)}* has lost tags of Caretaker's`,
    sentences: [
      `*Why:* ${outside(localized(reason, says, at), REASON_CHARACTERS)}`,
      `*Give them back:* \`caretaker adopt --service ${literal(service)}\``,
    ],
    log: { title: STAY, readOut: STAY, lines: write },
    footnote: dotted(
      literal(cluster),
      `found ${dateAndTime(at, says.timeZone)} ${says.timeZone}`,
      owner === '' ? '' : `owner ${literal(owner)}`,
      'said once',
    ),
  }
}

/** Tags that adopted services have lost, in Slack. */
export const tagsLostRenderer: Renderer<TagsLost> = {
  isTold: () => true,
  stands: () => true,
  render,
}
