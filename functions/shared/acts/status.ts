import type { InputOf } from '../../../domain/acts/inputs.ts'
import { quietUntil } from '../../../domain/quiet-hours.ts'
import { freezeOf, hold } from '../../../domain/roll-out/hold.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'
import type { Held } from '../../../domain/table/common.ts'
import type { EnvironmentState } from '../../../domain/table/environment-state.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'
import { listManaged } from '../listed.ts'
import { describeManaged, type Managed } from '../managed.ts'
import { readStored } from '../roll-out/stored.ts'
import { type Acting, sayAt } from './acting.ts'
import { openAlarms } from './alarms.ts'
import { imageName } from './history.ts'
import { mistaken, read, type Said } from './outcome.ts'
import { sleepingIn } from './rest-scope.ts'
import { sleepWords } from './rest-words.ts'
import { shortName, teamOf, unknownTeam } from './services.ts'
import { teamLines } from './team-lines.ts'

/** Services that are listed in an answer. */
const LISTED = 80

/** `status [team]`: a line for each service, what is frozen, which alarms are red, budgets and tags. */
export async function status(acting: Acting, { team }: InputOf<'status'>): Promise<Said> {
  const { tagging, ecs, table, catalog, now } = acting
  const unknown = unknownTeam(acting, team)
  if (unknown !== undefined) return mistaken(unknown)
  const listed = await listManaged(tagging, catalog.environment)
  const arns = listed.map(({ arn }) => arn)
  const services = (await describeManaged(ecs, arns, catalog.environment))
    .filter((one) => team === undefined || teamOf(acting, one) === team)
    .toSorted((a, b) => a.id.localeCompare(b.id))
  const ids = services.map(({ id }) => id)
  const sleeping = await sleepingIn(acting)
  const stored = await readStored(table, ids)
  const stands = services.map((service, place) => {
    const known = stored[place]
    const name = shortName(service)
    const about = { name, id: service.id, team: teamOf(acting, service) }
    if (known instanceof Error) {
      return { line: `• ${name}: ${known.message}`, data: { ...about, problem: known.message } }
    }
    const { line, data } = standOf(acting, service, known?.state, known?.environment)
    const sleep = sleepWords(acting, service.id, sleeping)
    return sleep === undefined
      ? { line, data: { ...about, ...data } }
      : { line: `${line}; ${sleep}`, data: { ...about, ...data, sleep } }
  })
  const [first] = stored
  const environment = first instanceof Error ? undefined : first?.environment
  const frozen = freezeOf(environment?.frozen, now)
  const red = (await openAlarms(acting)).filter(({ owner }) => team === undefined || owner === team)
  const more = stands.length > LISTED ? [`… and ${stands.length - LISTED} more`] : []
  return read(
    [
      `${catalog.environment}${team === undefined ? '' : `, team ${team}`}: ${services.length} services.`,
      ...(frozen === undefined ? [] : [`Frozen: ${frozen.reason}.`]),
      ...stands.slice(0, LISTED).map(({ line }) => line),
      ...more,
      alarmLine(acting, red),
      ...(await teamLines(acting, team)),
      ...quietLines(acting, team),
    ].join('\n'),
    {
      environment: catalog.environment,
      ...(team !== undefined && { team }),
      ...(frozen !== undefined && { frozen: frozen.reason }),
      services: stands.map(({ data }) => data),
      red: red.map(({ detail, at, owner }) => ({ alarm: detail.name, since: at, team: owner })),
    },
  )
}

/** How a service stands: in a line, and for a program. */
function standOf(
  { now }: Acting,
  service: Managed,
  state: ServiceState | undefined,
  environment: EnvironmentState | undefined,
): { line: string; data: object } {
  const { taskDefinition, desiredCount = 0, runningCount = 0 } = service.service
  const known = state?.revisions?.find((one) => one.taskDefinition === taskDefinition)
  const images = known?.images.map(({ tag, digest }) => imageName(tag, digest)).join(', ')
  const owner = service.tags[TAGS.owner]
  const held = hold(
    {
      ...(state === undefined ? {} : { state }),
      // The environment's own freeze has a line of its own.
      ...(environment === undefined ? {} : { environment: { ...environment, frozen: undefined } }),
      ...(owner === undefined ? {} : { team: owner }),
    },
    now,
  )
  const unknown =
    runningCount === 0 ? 'no image of its own yet' : 'an image Caretaker has not deployed'
  const counts = desiredCount === 0 ? 'stopped' : `${runningCount} of ${desiredCount} tasks`
  const rolling = state?.rolling
  const words = [
    `• ${shortName(service)}: ${images || unknown}, ${counts}`,
    rolling && `rolling out ${imageName(rolling.tag, rolling.digest)}`,
    held && `${held.verdict}: ${held.reason}`,
  ]
  return {
    line: words.filter(Boolean).join('; '),
    data: {
      images: known?.images.map(({ tag, digest }) => ({ tag, digest })) ?? [],
      ...{ desired: desiredCount, running: runningCount },
      ...(rolling !== undefined && { rolling: { tag: rolling.tag, digest: rolling.digest } }),
      ...(held !== undefined && { held }),
    },
  }
}

function alarmLine(acting: Acting, own: readonly AlarmRecord[]): string {
  if (own.length === 0) return 'No alarm is red.'
  const each = own.map(({ detail, at, held }) => {
    const muted = detail.muted && detail.muted.until > acting.now.toISOString()
    const why = muted ? `muted by ${detail.muted?.by}` : held && heldWords(acting, held)
    return `${detail.name} since ${sayAt(acting, at)}${why === undefined ? '' : ` (${why})`}`
  })
  return `Red: ${each.join('; ')}.`
}

/** Channels in which nothing notifies now, and until when. */
function quietLines(acting: Acting, team: string | undefined): string[] {
  const { teams, timeZone } = acting.catalog
  return Object.entries(teams).flatMap(([name, { channel, quiet }]) => {
    const until = quietUntil(quiet, timeZone, acting.now)
    if (until === undefined || (team !== undefined && team !== name)) return []
    return `Quiet hours in ${channel} for ${name} until ${sayAt(acting, until.toISOString())}: only alarms of the severity page and what somebody asked for notify.`
  })
}

/** Why nobody was told. */
function heldWords(acting: Acting, { because, by = '', since, rule }: Held): string {
  switch (because) {
    case 'suppressed':
      return `suppressed by ${by.replace(/^Actions suppressed by /, '')}`
    case 'muted':
      return `muted by ${by}`
    case 'asleep':
      return since === undefined
        ? 'not told: its service is asleep'
        : `not told: asleep since ${sayAt(acting, since)}${rule === undefined ? '' : `, ${rule}`}`
    case 'actions-disabled':
      return 'not told: its actions are disabled'
    case 'child-of-composite':
      return `part of ${by}`
  }
}
