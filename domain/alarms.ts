/**
 * How urgent an alarm is. `page` notifies at any hour; `look` waits for the end of the quiet hours
 * of its channel.
 */
export const SEVERITIES = ['page', 'look'] as const
export type Severity = (typeof SEVERITIES)[number]

/**
 * How an episode of an alarm stands: red; without data since it was red, so that nobody knows
 * whether it is over; over; or its alarm was deleted while it was red.
 */
export const EPISODE_STATUSES = ['red', 'no-data', 'over', 'deleted'] as const
export type EpisodeStatus = (typeof EPISODE_STATUSES)[number]

/** Whether nothing more will come of an episode by itself, but a return within `REOPENED_MS`. */
export const isOver = (status: EpisodeStatus): boolean => status === 'over' || status === 'deleted'

/** An alarm that turns red again within this time of its end goes on with its episode. */
export const REOPENED_MS = 30 * 60_000

/** A breach that begins within this time after a deployment's verdict may be that deployment's. */
export const RECENT_DEPLOYMENT_MS = 30 * 60_000
