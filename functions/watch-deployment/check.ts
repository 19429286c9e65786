import { LONGEST_WAIT_MINUTES } from '../../domain/roll-out/strategy.ts'
import type { Progress } from '../../domain/table/record.ts'
import type { Rolling } from '../../domain/table/service-state.ts'
import { isOfEnvironment, repositoriesOf } from '../../domain/tags.ts'
import { readRecord } from '../shared/roll-out/stored.ts'
import type { Back, Check } from './contract.ts'
import { type DeploymentStatus, deploymentStatus } from './deployment.ts'
import { finished } from './finish.ts'
import { blameFor, errorFor, type Outcome, RollBackNeeded, sentence } from './outcome.ts'
import { isQuietSince } from './service-events.ts'
import { ClaimLost, note, stateOf, type Watcher, watchedIn, whyItFailed } from './watch.ts'

/** What is known of the deployment at this moment. */
type Seen = { rolling: Rolling; status: DeploymentStatus; before: Progress | undefined }

/**
 * Whether what was deployed is good now: ECS calls it complete, it is still what the service
 * runs, and no task of it has stopped by itself since. One that ECS has not ended has until its
 * deadline, which counts from its last progress.
 *
 * @returns what to do next, whether pushes wait for the end of this roll-out, and whether the service
 *   has left us since it began: its scaling, which has tags of its own, is then left alone too.
 * @throws ClaimLost; to a machine of the version before, its outcome as an error.
 */
export async function check(watcher: Watcher, asked: Check) {
  const { service, serviceArn, execution, steadyAt } = asked
  const state = await stateOf(watcher.table, service)
  const { rolling } = state
  if (rolling?.execution !== execution) {
    throw new ClaimLost(`${service}: the roll-out has been taken over`)
  }
  const status = await deploymentStatus(watcher.ecs, serviceArn, watchedIn(rolling, watcher.now))
  // No event has told of it: the record does not know yet how far the deployment came.
  const unheard = (steadyAt ?? null) === null
  const record = unheard ? await readRecord(watcher.table, service, rolling.record) : undefined
  const seen: Seen = { rolling, status, before: record?.progress }
  if (unheard) await note(watcher, service, rolling, withChange(watcher, seen), undefined)
  const outcome = await outcomeOf(watcher, asked, seen)
  const ended = outcome.next === 'wait' ? outcome : await finished(watcher, asked, state, outcome)
  if (steadyAt === undefined) return asBefore(outcome, Boolean(state.waiting))
  return { ...ended, waiting: Boolean(state.waiting), left: hasLeft(asked, status) }
}

/** It has opted out since its roll-out began, or says that it is of another environment. */
const hasLeft = ({ kept }: Check, { tags }: DeploymentStatus): boolean =>
  repositoriesOf(tags).length === 0 || (kept != null && !isOfEnvironment(tags, kept.environment))

/** What ran before a roll-out does not run again, and the roll-out has been undone. */
export class NotBack extends Error {
  override readonly name = 'NotBack'
}

/**
 * Whether what ran before the roll-out runs again, where no event has said so yet.
 *
 * @throws ClaimLost; NotBack with the reason why it does not.
 */
export async function checkRollBack(
  watcher: Watcher,
  asked: Back,
): Promise<{ next: 'record' | 'wait-back' }> {
  const { service, serviceArn, execution } = asked
  const { rolling } = await stateOf(watcher.table, service)
  if (rolling?.execution !== execution) {
    throw new ClaimLost(`${service}: the roll-out has been taken over`)
  }
  const { judgement, failures, complaint, progress, waits } = await deploymentStatus(
    watcher.ecs,
    serviceArn,
    watchedIn(rolling, watcher.now),
  )
  if (judgement.state === 'succeeded') return { next: 'record' }
  const elapsed = watcher.now.getTime() - Date.parse(rolling.since)
  // What failed before the roll-back counts in its time too: twice the deadline for both.
  const inTime = elapsed < (waits ? LONGEST_WAIT : 2 * deadlineOf(watcher, asked) * 1000)
  if (judgement.state === 'in-progress' && failures === 0 && inTime) return { next: 'wait-back' }
  const failure = failures > 0 ? await whyItFailed(watcher, serviceArn, rolling) : undefined
  const count = `${progress.running} of ${progress.desired} tasks run`
  throw new NotBack(failure === undefined ? (complaint ?? count) : sentence(failure))
}

/** A machine of the version before catches a roll-back as an error, and knows no waiting. */
function asBefore(outcome: Outcome, waiting: boolean) {
  if (outcome.next === 'record') return { ...outcome, waiting }
  throw new RollBackNeeded({ ...outcome, verdict: 'rolled-back' })
}

async function outcomeOf(watcher: Watcher, asked: Check, seen: Seen): Promise<Outcome> {
  const { status, rolling } = seen
  const { serviceArn, steadyAt, prove, verdict } = asked
  const held = status.judgement.state === 'succeeded'
  if (held && status.desired === 0) {
    return settled('staged', 'the service is asleep: the image runs when it wakes')
  }
  // Woken meanwhile: nobody has waited to see whether its tasks hold, which the sweep makes good.
  if (held && verdict === 'staged') {
    return settled('staged', 'the service was woken meanwhile: the image is watched from now on')
  }
  const since = prove ? new Date(rolling.since) : steadyAt ? new Date(steadyAt) : status.steadyAt
  // ECS would have written of a task that failed, and of the one in its place.
  const quiet = since !== undefined && isWhole(status) && isQuietSince(status.events, since)
  const looked = (held && !quiet) || status.failures > 0
  const failure = looked
    ? await whyItFailed(watcher, serviceArn, rolling, held ? since : undefined)
    : undefined
  const ended = errorFor(status.judgement, failure)
  if (ended !== undefined) return ended.outcome
  if (held && failure !== undefined) {
    await note(watcher, asked.service, rolling, status, failure)
    return undone(failedAfterStart(asked, sentence(failure)), blameFor(failure))
  }
  if (held && isWhole(status)) {
    return settled('deployed', `all tasks have stayed healthy for ${asked.bakeSeconds} seconds`)
  }
  return held && !prove
    ? settled('deployed', `all tasks have stayed healthy for ${asked.bakeSeconds} seconds`)
    : underWay(watcher, asked, seen, failure === undefined ? undefined : sentence(failure))
}

const failedAfterStart = ({ bakeSeconds, prove }: Check, why: string): string =>
  prove
    ? `it was staged while the service slept, and failed when it woke: ${why}`
    : `it started, then failed within ${bakeSeconds} s: ${why}`

const isWhole = ({ progress }: DeploymentStatus): boolean => progress.running >= progress.desired

const settled = (verdict: 'deployed' | 'staged', reason: string): Outcome => ({
  next: 'record',
  verdict,
  reason,
  tried: verdict,
})

const undone = (reason: string, blame: Pick<Outcome, 'verdict' | 'tried'>): Outcome => ({
  next: 'roll-back',
  reason,
  ...blame,
})

const LONGEST_WAIT = LONGEST_WAIT_MINUTES * 60_000

const deadlineOf = (watcher: Watcher, asked: Check | Back): number =>
  asked.deadlineSeconds ?? watcher.deadlineSeconds

/** ECS has not ended it: it has time as long as it comes on. */
function underWay(watcher: Watcher, asked: Check, seen: Seen, why: string | undefined): Outcome {
  const { status } = seen
  const { now } = watcher
  const deadlineSeconds = deadlineOf(watcher, asked)
  const changed = hasChanged(seen) ? now : new Date(seen.before?.changedAt ?? seen.rolling.since)
  // Going back would need the capacity that is not there, and what ran before runs on.
  const since = Math.max(changed.getTime(), status.shortAt?.getTime() ?? 0)
  const reason = 'the deployment is under way'
  const waited = now.getTime() - Date.parse(seen.rolling.since)
  const isPlanned = status.waits !== undefined && status.failures === 0 && waited < LONGEST_WAIT
  const isInTime = now.getTime() - since < deadlineSeconds * 1000 && waited < LONGEST_WAIT
  if (isPlanned || isInTime) {
    return { next: 'wait', verdict: 'failed', reason, tried: 'failed' }
  }
  const minutes = Math.round(deadlineSeconds / 60)
  if (status.failures > 0) {
    return undone(`it was not steady in time${why === undefined ? '' : `: ${why}`}`, {
      verdict: 'rolled-back',
      tried: 'rolled-back',
    })
  }
  if (status.waits !== undefined && status.failures === 0) {
    const hours = LONGEST_WAIT_MINUTES / 60
    return undone(`ECS had not ended the deployment after ${hours} hours: ${status.waits}`, {
      verdict: 'failed',
      tried: 'failed',
    })
  }
  const said =
    status.complaint ?? `it has ${status.progress.running} of ${status.progress.desired} tasks`
  return undone(
    `ECS made no progress for ${minutes} minutes, and no task of the image failed: ${said}`,
    { verdict: 'failed', tried: 'failed' },
  )
}

/** Other numbers of tasks than when it was last looked at, or another stage. */
function hasChanged({ status: { progress }, before }: Seen): boolean {
  if (before === undefined) return progress.running > 0
  const { running, desired, stage } = progress
  return running !== before.running || desired !== before.desired || stage !== before.stage
}

function withChange({ now }: Watcher, seen: Seen): DeploymentStatus {
  const { status, before, rolling } = seen
  const changedAt = hasChanged(seen) ? now.toISOString() : (before?.changedAt ?? rolling.since)
  return { ...status, progress: { ...status.progress, changedAt } }
}
