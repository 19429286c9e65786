import type { Level } from '../../../domain/features.ts'
import { sayUsd } from '../../../domain/ledger/say.ts'
import { DAY } from '../../../domain/local-time.ts'
import type { TagCase } from '../../../domain/table/tag-case.ts'
import type { TagReport } from '../../../domain/table/tag-notice.ts'
import { teamsOf } from '../../../domain/tagging/creator.ts'
import { reportsUntil } from '../../../domain/tagging/ladder.ts'
import type { TagPolicy } from '../../../domain/tagging/policy.ts'
import { DAILY_SWEEP } from '../../../domain/tagging/sweep-time.ts'
import type { TeamsReport } from '../../views/teams.ts'
import { nextStepOf, sweepsAfter } from './next-step.ts'
import type { TagCaseView, TagsView } from './view.ts'

/** Reports and cases that are shown; more are counted. */
const [REPORTS, CASES] = [8, 30]

/** How the tags of what a team owns are: by the last sweep, and by the weekly reports. */
export function tagsView(report: TeamsReport, team: string, now: Date): TagsView {
  const { tags: policy, features } = report.catalog
  if (policy === undefined || features.tags === 'off') {
    const because =
      policy === undefined ? 'the catalog watches nothing (tags.watch)' : 'features.tags is off'
    return {
      line: { says: 'tags not watched', tone: 'quiet' },
      level: [`Caretaker does not look at tags: ${because}.`],
      ...{ reports: [], notes: [], cases: [], more: 0 },
    }
  }
  const open = report.cases
    .filter((one) => isOpen(one) && one.owner === team)
    .toSorted((a, b) => (a.since ?? '').localeCompare(b.since ?? '') || (a.id < b.id ? -1 : 1))
  const made = report.cases.filter((one) => isNew(one, now) && isOf(report, one, team))
  const shown = [...open, ...made].slice(0, CASES)
  const counted = countedOf(report.tags, team)
  const reports = report.reports.filter(({ subject }) => subject === team)
  return {
    line: lineOf(report, team, open.length),
    level: levelOf(report, policy, now),
    ...(counted && { counted }),
    reports: reports.slice(0, REPORTS).map(({ at, detail: { complete, total } }) => ({
      ...{ at, complete, total },
      percent: percentOf(complete, total),
    })),
    notes: reports[0] === undefined ? [] : notesOf(reports[0]),
    cases: casesView(report, policy, shown, now),
    more: open.length + made.length - shown.length,
  }
}

const percentOf = (complete: number, total: number): number =>
  total === 0 ? 100 : Math.floor((100 * complete) / total)

function countedOf(tags: TeamsReport['tags'], team: string): TagsView['counted'] {
  const { teams = {}, reported } = tags ?? {}
  const found = Object.hasOwn(teams, team) ? teams[team] : undefined
  if (found === undefined || reported === undefined) return undefined
  return { ...found, percent: percentOf(found.complete, found.total), week: reported }
}

const isOpen = ({ since, ended }: TagCase): boolean => since !== undefined && ended === undefined

/** Made since the last sweep: what nobody but people knows of it was not looked at. */
const isNew = ({ since, ended, creator }: TagCase, now: Date): boolean =>
  since === undefined && ended === undefined && now.getTime() - Date.parse(creator?.at ?? '') < DAY

/** Whose it is by who has made it; nobody's is the environment's owner's. */
function isOf({ catalog }: TeamsReport, { creator, given, owner }: TagCase, team: string): boolean {
  const teams = creator === undefined ? [] : teamsOf(catalog, creator)
  const by = teams.length === 1 ? teams[0] : undefined
  return (given?.team ?? (owner || by) ?? catalog.owner) === team
}

function lineOf({ tags }: TeamsReport, team: string, lacking: number): TagsView['line'] {
  const counted = tags && Object.hasOwn(tags.teams, team) ? tags.teams[team] : undefined
  if (lacking > 0) {
    const says = lacking === 1 ? '1 resource lacks tags' : `${lacking} resources lack tags`
    return { says, tone: 'held' }
  }
  if (tags?.reported === undefined) return { says: 'tags not looked at yet', tone: 'quiet' }
  return counted === undefined
    ? { says: 'nothing that is watched', tone: 'quiet' }
    : { says: 'no tags are missing', tone: 'good' }
}

function levelOf({ catalog, tags }: TeamsReport, policy: TagPolicy, now: Date): string[] {
  const { features, timeZone } = catalog
  const { upTo, markAfter, stopAfter } = policy.ladder
  const until = reportsUntil(new Date(tags?.since ?? ''))
  const days = (count: number) => (count === 1 ? 'a day' : `${count} days`)
  const ladder = {
    tell: 'its owner is told, and no more',
    mark: `its owner is told, and ${days(markAfter)} later it is marked`,
    stop: `its owner is told, ${days(markAfter)} later it is marked, and ${days(stopAfter)} after the message it is stopped`,
  }[features.tags === 'act' ? upTo : 'tell']
  return [
    LEVELS[features.tags],
    `What still lacks one: ${ladder}. Looked at every day at ${DAILY_SWEEP} ${timeZone}.`,
    ...(now < until
      ? [`Until ${until.toISOString()} there are only reports: the first 14 days.`]
      : []),
  ]
}

const LEVELS: Record<Level, string> = {
  off: '',
  tell: 'Caretaker reads, tells, and writes no tag: features.tags is tell.',
  act: 'Caretaker writes the tags that it knows: features.tags is act.',
}

/** What the newest report says besides its figures. */
function notesOf({ detail }: TagReport): string[] {
  const { keys, would, unread, nowhere, usd } = detail
  const notes = [
    keys.length > 0 &&
      `Missing or wrong then: ${keys.map(({ key, count }) => `${key} on ${count}`).join(', ')}.`,
    usd !== undefined && `What was not complete costs ${sayUsd(usd)} a month at list price.`,
    would > 0 &&
      `Caretaker knows what ${would} of them lack, and would write it if features.tags were act.`,
    nowhere > 0 && `${nowhere} belong to no environment, and are left alone.`,
    unread.length > 0 && `Not read, and not counted: ${unread.join(', ')}.`,
  ]
  return notes.filter((one) => one !== false)
}

/** The page is made many times a second: the sweeps to come are computed once for all of them. */
function casesView(
  report: TeamsReport,
  policy: TagPolicy,
  shown: readonly TagCase[],
  now: Date,
): TagCaseView[] {
  const sweeps = shown.length === 0 ? [] : sweepsAfter(now, report.catalog.timeZone)
  const [next = now] = sweeps
  return shown.map((one) => ({
    ...caseView(report, one, now),
    next:
      one.since === undefined
        ? { says: 'its tags are looked at', at: next.toISOString() }
        : nextStepOf(report, policy, one, sweeps, now),
  }))
}

function caseView(report: TeamsReport, one: TagCase, now: Date): Omit<TagCaseView, 'next'> {
  const { id, name, type, left, since, creator, tell, mark, stop, due, wrote } = one
  const keys = Object.keys(wrote)
  const steps = [
    ['told', tell],
    [due === undefined ? 'marked' : `marked, with time until ${due}`, mark],
    ['stopped', stop],
  ] as const
  return {
    ...{ id, name, type, left },
    since: since ?? creator?.at ?? now.toISOString(),
    ...(creator !== undefined && { by: creator.name }),
    ...(keys.length > 0 && { wrote: keys }),
    done: steps.flatMap(([says, step]) => {
      if (step === undefined) return []
      const told = report.told(step.notice)
      const where = told === undefined ? '; Slack has not taken the message' : ` in ${told.channel}`
      return [{ says: `${says}${where}`, at: told?.at ?? step.at }]
    }),
  }
}
