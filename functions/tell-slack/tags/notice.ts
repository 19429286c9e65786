import { dateAndTime } from '../../../domain/local-time.ts'
import type { TagNotice } from '../../../domain/table/tag-notice.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const [NAME_CHARACTERS, LEFT_CHARACTERS] = [80, 300]

function headline({ verdict, subject, detail }: TagNotice, says: Says): string {
  const name = `*${outside(subject, NAME_CHARACTERS)}*`
  const several = detail.resources.length + detail.more > 1
  const [is, has, was] = several ? ['are', 'have their', 'were'] : ['is', 'has its', 'was']
  const due = detail.due === undefined ? '' : ` after ${dateAndTime(detail.due, says.timeZone)}`
  switch (verdict) {
    case 'missing':
      return `:label: ${name}: tags are missing, and nobody but you knows them`
    case 'due':
      return `:label: ${name} ${is} marked: tags are still missing${due === '' ? '' : `, and ${several ? 'they' : 'it'} may be stopped${due}`}`
    case 'stopped':
      return `:octagonal_sign: ${name} ${is} stopped: tags were missing, and the time was over. Nothing is deleted`
    case 'not-stopped':
      return `:x: ${name} ${was} to be stopped for missing tags, and still ${several ? 'run' : 'runs'}`
    case 'mended':
      return `:white_check_mark: ${name} ${has} tags`
    case 'gone':
      return `:white_check_mark: ${name} ${is} gone`
  }
}

function render(record: TagNotice, says: Says): Notice {
  const { detail, owner, reason, endedAt } = record
  const { resources, more, by, madeAt } = detail
  const lines = resources.map(
    ({ name, left, stays, hints = [] }) =>
      `*${outside(name, NAME_CHARACTERS)}*: ${outside(left.join('; '), LEFT_CHARACTERS)}${stays === undefined ? '' : `. It is not stopped: ${outside(stays, LEFT_CHARACTERS)}`}${hints.map((hint) => `. ${outside(hint, LEFT_CHARACTERS)}`).join('')}`,
  )
  const at = madeAt === undefined ? '' : `, ${dateAndTime(madeAt, says.timeZone)}`
  const made = by === undefined ? [] : [`Made by ${outside(by, NAME_CHARACTERS)}${at}.`]
  return {
    headline: headline(record, says),
    sentences:
      endedAt === undefined
        ? [
            ...lines,
            ...(more === 0 ? [] : [`… and ${more} more`]),
            ...made,
            ...(reason === '' ? [] : [outside(reason, LEFT_CHARACTERS)]),
          ]
        : [],
    footnote: dotted(
      `${dateAndTime(record.at, says.timeZone)} ${says.timeZone}`,
      owner && `owner ${literal(owner)}`,
      'said once',
    ),
  }
}

/** A step of the ladder of tags, in Slack. */
export const tagNoticeRenderer: Renderer<TagNotice> = {
  isTold: () => true,
  stands: ({ endedAt }) => endedAt === undefined,
  render,
}
