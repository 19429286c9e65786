import type { Policy, Tagged } from '../deploy-policy.ts'
import type { Scan } from '../findings.ts'
import type { PlatformName } from '../image.ts'
import type { EnvironmentState } from '../table/environment-state.ts'
import type { Asked, Push, RollOutRecord } from '../table/record.ts'
import type { ServiceState } from '../table/service-state.ts'
import type { Verdict } from '../verdicts.ts'
import type { Gate } from './settings.ts'
import type { Shifting } from './strategy.ts'

/** Why a service is looked at. */
export type Cause =
  | { kind: 'push'; push: Push }
  /** The slow pass: repairs what lost events left. */
  | { kind: 'sweep' }
  /** A roll-out ended, and pushes have been waiting for that. */
  | { kind: 'waiting' }
  /** A person names the digest: a roll-back, or another try. */
  | {
      kind: 'by-hand'
      digest: string
      by: string
      reason: string
      retry: boolean
      /** The push that was waiting for a roll-out to end; absent when asked for just now. */
      waited?: Push
    }

/** The image the registry has for the service now. */
export type Candidate = Tagged & {
  repository: string
  /** `a signature`, `a Helm chart`…: not a container image. */
  companion?: string
  /** Platforms the image has; empty when the registry does not tell. */
  platforms: PlatformName[]
  /** The image that the registry scans: this one, or of an index the one that would run. */
  scanned?: string
  /** What its scan says; only asked where the service has a gate. */
  scan?: Scan
}

/** What AWS and the table say at this moment about one service. */
export type Observed = {
  policy: Policy
  controller: string
  schedulingStrategy: string
  /** It shifts traffic from one revision to the next; absent for a rolling deployment. */
  shifting?: Shifting
  desiredCount: number
  /** The service has never run an image of its own. */
  placeholder: boolean
  /** A task is to run before each deployment; what says so may be unreadable. */
  preDeploy?: 'asked' | 'unreadable'
  /** Whether any container of the current task definition uses the repository. */
  used: boolean
  /** What its containers run now. */
  running?: { digest: string; tag?: string | undefined }
  /** It runs with the revision that Caretaker has deployed last: nobody else has deployed since. */
  ours: boolean
  /** That image, where the registry does not have it any more and nobody has been told; for the sweep. */
  missing?: { repository: string }
  platform?: PlatformName
  /** Findings of this severity, or worse, keep an image from the service. */
  gate?: Gate
  candidate?: Candidate
  /** `tried` has the digests that the decision is about and those that run, if they were tried. */
  state?: ServiceState
  /** The roll-out under way has lost its execution: nobody will end it. */
  abandoned: boolean
  /** The deployment under way has tasks that fail. */
  failing: boolean
  /** The record of this very push, when there is one. */
  recorded?: RollOutRecord
  /** Records of pushes that wait for a roll-out to end. */
  waiting: RollOutRecord[]
  environment?: EnvironmentState
  /** The team that the service says it belongs to. */
  team?: string
}

/** What to do about one push, and why. The reason is a sentence for the person who pushed. */
export type Decision = { push: Push; reason: string; asked?: Asked } & (
  | { action: 'roll-out'; staged: boolean; recalled?: string }
  /** The image runs, and nobody has watched it to the end: it is, without a deployment. */
  | { action: 'prove' }
  /** For the roll-out under way; `interrupt`: it is ended for this. */
  | { action: 'wait'; interrupt: boolean }
  /** Ends a roll-out that has lost its execution, with nothing to take its place. */
  | { action: 'release' }
  | { action: 'record'; verdict: Verdict }
  /** The image that runs is not in the registry any more. */
  | { action: 'tell-missing' }
)

export type RollOutDecision = Extract<Decision, { action: 'roll-out' }>
export type ProveDecision = Extract<Decision, { action: 'prove' }>
export type RecordDecision = Extract<Decision, { action: 'record' }>

/** Of a roll-out whose execution ended before its verdict: stopped by hand, or timed out. */
export const ABANDONED = 'its execution ended without a verdict (stopped by hand, or timed out)'
