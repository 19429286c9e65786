import { SlackDown } from './ask.ts'
import type { Context } from './context.ts'
import { goDown, releaseOrWait } from './probe.ts'
import { enqueue } from './queue.ts'
import type { Release } from './release.ts'
import { TRY_SECONDS } from './state.ts'

/** The quiet hours of a team are over: what waited for their end is told. */
export async function releaseQuiet(
  context: Context,
  team: string,
  connected: boolean,
): Promise<undefined> {
  const { teams } = context.catalog
  const channel = Object.hasOwn(teams, team) ? teams[team]?.channel : undefined
  if (channel === undefined || !connected) return
  await releaseOnceUp(context, {
    ...{ channel, because: 'quiet', folds: true },
    since: context.now.toISOString(),
  })
}

/** Releases a channel; while Slack takes nothing, that waits in the queue, and is no error of ours. */
export async function releaseOnceUp(context: Context, release: Release): Promise<void> {
  const { channel, ...rest } = release
  const wait = () => enqueue(context, { release: channel, ...rest }, TRY_SECONDS)
  if (context.down !== undefined) return wait()
  try {
    await releaseOrWait(context, release)
  } catch (error) {
    if (!(error instanceof SlackDown)) throw error
    await goDown(context, error.message)
    await wait()
  }
}
