import { clock, dateAndTime } from '../../../domain/local-time.ts'
import { sayLength } from '../../../domain/say-time.ts'
import type { NamedWhy, SleepRecord } from '../../../domain/table/sleep-record.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { localized, when } from '../when.ts'

const NAME_CHARACTERS = 80
const WHY_CHARACTERS = 200
/** Names that are said in a row; the rest is a number. */
const NAMED = 12

/** `*orders* and *web*`, `*a*, *b* and 30 more`. */
export function namesIn(all: readonly string[]): string {
  const bold = all.slice(0, NAMED).map((name) => `*${outside(name, NAME_CHARACTERS)}*`)
  const more = all.length > NAMED ? [`${all.length - NAMED} more`] : []
  const [last = '', ...before] = [...bold, ...more].toReversed()
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`
}

const verb = (names: readonly string[], one: string, many: string): string =>
  names.length === 1 ? one : many

function headline({ verdict, detail }: SleepRecord, says: Says): string {
  const { edge, wake, sleeps, falling, asleep, waking, awake, stays, failed } = detail
  const at = clock(edge, says.timeZone, edge)
  const until = wake === undefined ? '' : ` until ${when(wake, says, edge)}`
  switch (verdict) {
    case 'announced':
      return `:crescent_moon: ${namesIn(sleeps)} ${verb(sleeps, 'sleeps', 'sleep')} at ${at}${until}`
    case 'would':
      return `:crescent_moon: ${namesIn(sleeps)} would sleep at ${at}${until}`
    case 'kept': {
      const names = stays.map(({ name }) => name)
      const why = keptFor(detail)
      const because = why === undefined ? '' : `: ${said(why, says, edge)}`
      return `:sunny: ${namesIn(names)} ${verb(names, 'stays', 'stay')} awake${because}`
    }
    case 'falling':
      return `:crescent_moon: ${namesIn(falling)} ${verb(falling, 'is', 'are')} put to sleep`
    case 'asleep': {
      const since =
        detail.asleepSince === undefined ? '' : ` since ${when(detail.asleepSince, says, edge)}`
      return `:zzz: ${namesIn(asleep)} ${verb(asleep, 'sleeps', 'sleep')}${since}${until}`
    }
    case 'waking':
      return waking.length === 0
        ? ':hourglass_flowing_sand: waking'
        : `:hourglass_flowing_sand: ${namesIn(waking)} ${verb(waking, 'wakes', 'wake')}`
    case 'not-awake':
      return `:x: ${namesIn(failed.map(({ name }) => name))} did not wake`
    case 'awake':
      return `:white_check_mark: ${namesIn(awake)} ${verb(awake, 'is', 'are')} awake${detail.awakeSince === undefined ? '' : ` since ${when(detail.awakeSince, says, wake ?? edge)}`}`
  }
}

function sentences({ verdict, detail, endedAt }: SleepRecord, says: Says): string[] {
  const { edge, wake, because, asleep, awake, stays, off, failed, late } = detail
  const isBefore = verdict === 'announced' || verdict === 'would'
  return [
    verdict === 'would' &&
      `*Nothing is done${endedAt === undefined ? '' : ', and nothing was'}:* \`features.sleep\` is \`tell\` in the catalog`,
    because.length > 0 &&
      wake !== undefined &&
      (isBefore || verdict === 'asleep') &&
      `*Next start:* ${when(wake, says, edge)}, because of ${because.map((what) => outside(what, NAME_CHARACTERS)).join(', ')}`,
    wake === undefined && isBefore && '*Next start:* none; wake it when you need it',
    late !== undefined &&
      `*Late:* by ${sayLength(late * 60_000)}; Caretaker did not run, or could not read what it needs`,
    verdict !== 'asleep' && asleep.length > 0 && `*Asleep:* ${namesIn(asleep)}`,
    verdict !== 'awake' && awake.length > 0 && `*Awake:* ${namesIn(awake)}`,
    ...(verdict === 'kept' && keptFor(detail) !== undefined
      ? []
      : reasons('Stays awake', stays, says, edge)),
    ...reasons('Stays asleep', off, says, edge),
    ...reasons('Not there yet', failed, says, edge),
    ...took(verdict, detail),
    detail.with.length > 0 &&
      detail.choices.length > 0 &&
      `*Keep* also keeps what it needs: ${namesIn(detail.with)}`,
    detail.choices.some(({ label }) => label.includes('$')) &&
      `Prices are list prices${detail.unpriced.length === 0 ? '' : `; none is known of ${namesIn(detail.unpriced)}`}`,
  ].filter((sentence): sentence is string => typeof sentence === 'string')
}

/** How long the wake took, and what was the last. */
function took(
  verdict: SleepRecord['verdict'],
  { wake, awakeSince, slowest, awake }: SleepRecord['detail'],
) {
  if (verdict !== 'awake' || wake === undefined || awakeSince === undefined) return []
  const length = Date.parse(awakeSince) - Date.parse(wake)
  if (length <= 0) return []
  const last =
    awake.length > 1 && slowest !== undefined
      ? `; *${outside(slowest, NAME_CHARACTERS)}* was the last`
      : ''
  return [`*Took:* ${sayLength(length)}${last}`]
}

/** Why all of it stays awake, where that is one reason. */
function keptFor({ stays }: SleepRecord['detail']): string | undefined {
  const [why, ...more] = new Set(stays.map((one) => one.why))
  return more.length > 0 || why === '' ? undefined : why
}

const said = (why: string, says: Says, beside: string): string =>
  outside(localized(why, says, beside), WHY_CHARACTERS)

/** Names of one reason are said together. */
function reasons(title: string, all: readonly NamedWhy[], says: Says, beside: string): string[] {
  const whys = [...new Set(all.map(({ why }) => why))].slice(0, 5)
  return whys.map((why) => {
    const names = all.filter((one) => one.why === why).map(({ name }) => name)
    return `*${title}:* ${namesIn(names)}${why === '' ? '' : `: ${said(why, says, beside)}`}`
  })
}

function render(record: SleepRecord, says: Says): Notice {
  const { detail, owner } = record
  return {
    headline: headline(record, says),
    sentences: sentences(record, says),
    footnote: dotted(
      detail.schedules.length > 0 &&
        `${verb(detail.schedules, 'schedule', 'schedules')} ${detail.schedules.map(literal).join(', ')}`,
      owner && `owner ${literal(owner)}`,
      `night of ${dateAndTime(detail.edge, says.timeZone)} ${says.timeZone}`,
    ),
  }
}

/** Nights in Slack. */
export const sleepRenderer: Renderer<SleepRecord> = {
  isTold: () => true,
  stands: ({ endedAt }) => endedAt === undefined,
  render,
}
