import type { KnownBlock } from '@slack/types'
import type { Told } from '../../domain/acts/offers.ts'
import { channelOf } from '../../domain/compiled-catalog.ts'
import { quietUntil } from '../../domain/quiet-hours.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { type Context, saysIn } from './context.ts'
import type { Message } from './markup.ts'
import type { Offered } from './offers.ts'
import { render } from './renderers.ts'

/** The message of a record, with what its place knows: heading, buttons, chart. */
export function messageOf(
  context: Context,
  record: Told,
  place: Pick<MessagePlace, 'heading' | 'chart'>,
  { buttons, used }: Pick<Offered, 'buttons' | 'used'>,
): Message {
  const { heading, chart } = place
  return render(record, {
    ...saysIn(context),
    ...{ buttons, used },
    ...(heading ? { heading } : {}),
    ...(chart ? { chart: JSON.parse(chart) as KnownBlock } : {}),
  })
}

/** The channel of a record's team, and the one for what has none. */
export const channelsOf = ({ catalog }: Context, record: Told): [string, string] => [
  channelOf(catalog, record.owner),
  channelOf(catalog, catalog.owner),
]

/** What notifies at any hour: an alarm of the severity `page`, and what somebody asked for. */
export function isQuiet({ catalog, now }: Context, record: Told): boolean {
  const { teams, owner, timeZone } = catalog
  if (record.kind === 'alarm' && record.detail.severity === 'page') return false
  if (record.kind === 'roll-out' && record.detail.asked !== undefined) return false
  const team = Object.hasOwn(teams, record.owner) ? record.owner : owner
  return quietUntil(teams[team]?.quiet, timeZone, now) !== undefined
}

/** Every channel that anything is told in. */
export const channels = ({ catalog }: Context): string[] => [
  ...new Set(Object.values(catalog.teams).map(({ channel }) => channel)),
]

/** The channel of what has no other. */
export const mainChannel = ({ catalog }: Context): string => channelOf(catalog, catalog.owner)

/** Whether some team is quiet in a channel now. */
export const channelIsQuiet = ({ catalog, now }: Context, channel: string): boolean =>
  Object.values(catalog.teams).some(
    (team) =>
      team.channel === channel && quietUntil(team.quiet, catalog.timeZone, now) !== undefined,
  )

/** `22:00-07:00`: when teams are quiet in a channel. */
export function quietHoursOf({ catalog }: Context, channel: string): string {
  const hours = Object.values(catalog.teams).flatMap(({ quiet, ...team }) =>
    team.channel === channel && quiet !== undefined ? [`${quiet.from}-${quiet.to}`] : [],
  )
  return [...new Set(hours)].join(', ')
}
