import { localTime } from '../../domain/local-time.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { type Key, messageKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { tagNoticeKey } from '../../domain/table/tag-keys.ts'
import type { TagNotice } from '../../domain/table/tag-notice.ts'
import { VERSION } from '../../domain/table/version.ts'
import { noticeOf } from '../../domain/tagging/progress.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import { choicesFor } from './choices.ts'
import type { Sources } from './sources.ts'

type StepName = TagNotice['detail']['step']
const STEPS = ['tell', 'mark', 'stop'] as const

/** So many of one team have a message each; more have one together. */
const EACH = 3

const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`

/** The records that will tell of a step that these take now, by the ids of their resources. */
export function noticesFor(
  { catalog, now }: Pick<Sources, 'catalog' | 'now'>,
  step: StepName,
  cases: readonly TagCase[],
): Map<string, Key> {
  const day = localTime(now, catalog.timeZone).date
  const keys = new Map<string, Key>()
  for (const [team, own] of Map.groupBy(cases, ({ owner }) => owner)) {
    for (const { id } of own) {
      keys.set(id, tagNoticeKey(team, step, own.length > EACH ? day : `${day}#${id}`))
    }
  }
  return keys
}

/** When Slack has taken the messages of these cases, by their records' keys. */
export async function acceptedFor({ table }: Sources, cases: readonly TagCase[]) {
  const keys = [...keysOf(cases).values()].map(({ key }) => key)
  const items = await getItems(table, keys.map(messageKey))
  return new Map(
    keys.flatMap((key, place) => {
      const item = items[place]
      if (item === undefined) return []
      const { ts, folded, claimedAt } = readItem('message', item)
      return ts === undefined && folded === undefined
        ? []
        : [[textOf(key), new Date(claimedAt)] as const]
    }),
  )
}

/** The steps of one case whose messages were taken, and when. */
export const acceptedOf = (accepted: ReadonlyMap<string, Date>, { tell, mark }: TagCase) => ({
  tell: tell && accepted.get(textOf(tell.notice)),
  mark: mark && accepted.get(textOf(mark.notice)),
})

function keysOf(cases: readonly TagCase[]) {
  const all = new Map<string, { key: Key; step: StepName; cases: TagCase[] }>()
  for (const one of cases) {
    for (const step of STEPS) {
      const notice = one[step]?.notice
      if (notice === undefined) continue
      const known = all.get(textOf(notice))
      if (known === undefined) all.set(textOf(notice), { key: notice, step, cases: [one] })
      else known.cases.push(one)
    }
  }
  return all
}

/**
 * Brings the records of the steps in line with the cases that they are about: a record that is not
 * there yet is made, one that says the same is left alone.
 */
export async function tellSteps(sources: Sources, cases: readonly TagCase[]): Promise<void> {
  const { table } = sources
  const notices = [...keysOf(cases).values()]
  const items = await getItems(
    table,
    notices.map(({ key }) => key),
  )
  for (const [place, { key, step, cases: own }] of notices.entries()) {
    const item = items[place]
    const said = noticeOf(step, own, sources.policy.ladder.upTo === 'stop')
    const choices = step === 'stop' ? [] : choicesFor(sources, own)
    const says = { ...said, detail: { ...said.detail, choices } }
    if (item === undefined) await make(sources, key, says, own)
    else await change(sources, key, readItem('tag-notice', item), says)
  }
}

type Says = ReturnType<typeof noticeOf>

const isOver = ({ verdict }: Says): boolean => verdict === 'mended' || verdict === 'gone'

async function make({ table, catalog, now }: Sources, key: Key, says: Says, own: TagCase[]) {
  // Over before anybody was told: nobody is.
  if (isOver(says)) return
  const notice: TagNotice = {
    ...key,
    version: VERSION,
    kind: 'tag-notice',
    ...says,
    owner: own[0]?.owner ?? catalog.owner,
    at: instant(now),
    reason: '',
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
  }
  await putItem(table, { item: notice, condition: 'attribute_not_exists(pk)' })
}

async function change({ table, now }: Sources, key: Key, kept: TagNotice, says: Says) {
  const { verdict, subject, detail } = kept
  if (JSON.stringify({ verdict, subject, detail }) === JSON.stringify(pick(says))) return
  const ends = isOver(says)
  await updateItem(table, {
    key,
    expression: `SET verdict = :verdict, subject = :subject, detail = :detail${ends ? ', endedAt = :now' : ''}`,
    condition: 'attribute_exists(pk)',
    values: {
      ':verdict': says.verdict,
      ':subject': says.subject,
      ':detail': says.detail,
      ...(ends && { ':now': instant(now) }),
    },
  })
}

/** In the order in which a record is read, without what is absent. */
function pick({ verdict, subject, detail }: Says) {
  const read = readItem('tag-notice', {
    ...{ pk: '', sk: '', at: '', kind: 'tag-notice' },
    ...{ verdict, subject, detail },
  })
  return { verdict: read.verdict, subject: read.subject, detail: read.detail }
}
