import { dateAndTime } from '../../../domain/local-time.ts'
import type { SleepFact } from '../../../domain/table/sleep-fact.ts'
import { dotted, literal, outside } from '../markup.ts'
import { type Notice, type Says, who } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { localized, when } from '../when.ts'

const NAME_CHARACTERS = 80
/** A command that starts a service that is scaled has 400. */
const REASON_CHARACTERS = 700

function headline({ verdict, subject, detail, at }: SleepFact, says: Says): string {
  const name = `*${outside(subject, NAME_CHARACTERS)}*`
  const by = detail.by === undefined ? 'by hand' : `by ${outside(detail.by, NAME_CHARACTERS)}`
  const until = detail.until === undefined ? undefined : when(detail.until, says, at)
  const to = detail.to === undefined ? '' : `${who(detail.to)}: `
  switch (verdict) {
    case 'schedule-unknown':
      return `:grey_question: ${name} neither sleeps nor wakes: its schedule cannot be read`
    case 'started-by-hand':
      return `:point_up: ${name} was started ${by}${until === undefined ? '' : `; it runs until ${until}`}`
    case 'stopped-by-hand':
      return `:point_up: ${name} was stopped ${by}${until === undefined ? '' : `; it is off until ${until}`}`
    case 'refuses':
      return `:no_entry_sign: ${name} cannot be put to sleep`
    case 'not-moved':
      return `:x: ${name} is not where it should be, and its time is over`
    case 'not-hibernated':
      return `:zzz: ${name} was stopped, not hibernated: what was in its memory is gone`
    case 'no-page':
      return `:no_entry_sign: ${name} sleeps without a page that wakes it`
    case 'put-back':
      return `:repeat: ${name} is started ${by} and put to sleep again, each time`
    case 'held':
      return `:hourglass: ${name} does not sleep yet`
    case 'resized':
      return `:straight_ruler: ${name} does not wake as large as it went to sleep`
    case 'untagged':
      return `:label: ${name} sleeps, and nobody wakes it any more`
    case 'no-backup':
      return `:floppy_disk: ${name} sleeps when AWS would look after it`
    case 'keep-ends':
      return `:alarm_clock: ${to}${name} sleeps at ${until ?? 'once'}: what you asked for ends then`
    case 'idle-soon':
      return `:crescent_moon: ${name} sleeps at ${until ?? 'once'}: nobody uses it`
    case 'idle-would':
      return `:crescent_moon: ${name} would sleep at ${until ?? 'once'}: nobody uses it`
    case 'idle-asleep':
      return `:zzz: ${name} sleeps since ${when(at, says, at)}${until === undefined ? '' : `, at the longest until ${until}`}: nobody uses it`
    case 'idle-over':
      return `:sunny: ${name} ${detail.until === undefined ? 'stays awake' : 'is woken'}`
    case 'keep-ended':
      return `:crescent_moon: ${to}${name} sleeps: ${by.replace(/^by /, '')} has ended what you asked for${until === undefined ? '' : ` (until ${until})`}`
  }
}

function render(record: SleepFact, says: Says): Notice {
  const { reason, owner, at, verdict, detail } = record
  const why = reason === '' ? undefined : outside(localized(reason, says, at), REASON_CHARACTERS)
  return {
    headline: headline(record, says),
    sentences: [
      ...(why === undefined ? [] : [`*Why:* ${why}`]),
      ...(verdict === 'idle-would'
        ? ['*Nothing is done:* `features.sleep` is `tell` in the catalog']
        : []),
      ...(detail.choices.some(({ label }) => label.includes('$')) && verdict === 'idle-soon'
        ? ['Prices are list prices']
        : []),
    ],
    footnote: dotted(
      `${dateAndTime(at, says.timeZone)} ${says.timeZone}`,
      owner && `owner ${literal(owner)}`,
      !verdict.startsWith('idle-') && 'said once',
    ),
  }
}

/** What is told once about what sleeps, in Slack. */
export const sleepFactRenderer: Renderer<SleepFact> = {
  isTold: () => true,
  stands: ({ endedAt }) => endedAt === undefined,
  render,
}
