import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { RDSClient } from '@aws-sdk/client-rds'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { SFNClient } from '@aws-sdk/client-sfn'
import type * as z from 'zod/mini'
import { hasFailed } from '../../domain/sleep/steps.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { lambda, type Tools } from '../shared/handler.ts'
import type { Sources } from '../shared/sleep/gather.ts'
import { type Kept, readKept } from '../shared/sleep/kept.ts'
import { isLeft } from '../shared/sleep/left.ts'
import { type Looked, lookAt } from '../shared/sleep/look.ts'
import { arm } from './arm.ts'
import { claim, release } from './claim.ts'
import { environment, event, type Look } from './contract.ts'
import { idleJudge, type Judged, withIdle } from './idle.ts'
import { accountsOf, ratesOf } from './ledger.ts'
import { tellSavings } from './savings.ts'
import { tell } from './tell.ts'
import { visitsJudge } from './visits.ts'
import { ruleMoves } from './wake-rules.ts'
import { asked, forget, writeMoves, writeSleepers } from './write.ts'

/**
 * What the machine goes on by. `act`: `pages` of calls are written down under `id`; `wait`: look
 * again in so many seconds; `done`: nothing is under way.
 */
type Answer = { state: 'act' | 'wait' | 'done'; id: string; pages: number; seconds: number }

const DONE: Answer = { state: 'done', id: '', pages: 0, seconds: 0 }

/**
 * Looks at everything that carries a schedule, and says which calls bring it to where it should be
 * now. Called again until nothing is under way; everything is decided anew each time, so that an
 * override, an edge or a change by hand counts at the next look. Where sleep was switched off, what
 * Caretaker has put to sleep is woken, and nothing else is done.
 */
export const handler = lambda({
  name: 'plan-sleep',
  environment,
  event,
  async run(look, tools): Promise<Answer> {
    const { client, log, now } = tools
    const catalog = tools.catalog()
    const level = catalog.features.sleep
    const table = { client: client(DynamoDBClient), name: tools.environment.TABLE_NAME }
    const failed: Sources['failed'] = (what, error) =>
      log.error('a resource cannot be looked at', { resource: what, error })
    const kept = await readKept(table, failed)
    if (level === 'off' && !isLeft(kept)) return DONE
    if (!(await claim(table, client(SFNClient), kept.state, look.execution))) return DONE
    const sources = sourcesOf(tools, { table, failed })
    const from = { ...sources, cloudwatch: client(CloudWatchClient) }
    const judged: Judged = { changed: new Set(), over: [] }
    const judges = [
      ...(level === 'act' ? [visitsJudge(from)] : []),
      ...(level === 'off' ? [] : [idleJudge({ ...from, log }, judged)]),
    ]
    const known = { refusals: look.refused, since: look.began, judges }
    const looked = await lookAt(sources, kept, known, now)
    if (looked.next !== undefined && level !== 'off') {
      await arm(client(SchedulerClient), table, tools.environment, kept.state, looked.next)
    }
    const moved = await move({ tools, sources, look, kept, looked, judged })
    const { asks, sleepers, accounts, id, pages } = moved
    if (level !== 'off') await tell({ ...looked, table, catalog, sleepers, judged, log, now })
    if (level === 'act') await tellSavings({ table, catalog, log, now }, kept, accounts)
    if (pages > 0) return { state: 'act', id, pages, seconds: 0 }
    const open = looked.decided.steps.underWay.some((one) => !hasFailed(one, now))
    if (level !== 'tell' && (open || asks)) {
      return { ...DONE, state: 'wait', seconds: pauseAt(look.looks) }
    }
    if (await release(table, kept.state, look.execution)) return DONE
    return { ...DONE, state: 'wait', seconds: 1 }
  },
})

type Own = Tools<z.output<typeof environment>>

const sourcesOf = (
  { client, pause, catalog }: Own,
  own: Pick<Sources, 'table' | 'failed'>,
): Sources => ({
  ...own,
  catalog: catalog(),
  pause,
  tagging: client(ResourceGroupsTaggingAPIClient),
  ecs: client(ECSClient),
  ec2: client(EC2Client),
  rds: client(RDSClient),
  groups: client(AutoScalingClient),
  scaling: client(ApplicationAutoScalingClient),
  balancing: client(ElasticLoadBalancingV2Client),
})

type Scene = {
  tools: Own
  sources: Sources
  look: Look
  kept: Kept
  looked: Looked
  judged: Judged
}

/** Writes down what is kept and the calls that are due; `asks`: AWS is asked for something. */
async function move({ tools, sources, look, kept, looked, judged }: Scene) {
  const { decided, read } = looked
  const { log, now, once } = tools
  const { table, catalog } = sources
  const acts = catalog.features.sleep === 'tell' ? [] : decided.steps.due
  const sleepers = new Map<string, Sleeper>([
    ...withIdle(decided.known, judged),
    ...decided.changed.map(({ seen, kept: own }) => [seen.id, own] as const),
  ])
  const rates = await ratesOf(acts, { ...sources, once })
  for (const due of acts) {
    const { id } = due.known.seen
    sleepers.set(id, { ...asked(due, now), ...rates.get(id) })
  }
  const answers = tools.environment.ANSWER_VISITOR
  const isFirst = look.looks === 0
  const at = { ...sources, answers, isFirst, isLeft: isFirst && look.left, now }
  const rules = await ruleMoves(at, { decided, acts }, kept, sleepers)
  const accounts = accountsOf(decided.known, kept, read, sleepers, now)
  const written = await writeSleepers(table, accounts)
  await forget(table, read.gone, kept.sleepers)
  const due = acts.filter(({ known }) => written.has(known.seen.id))
  for (const { known, to } of due) {
    log.info('decided', { resource: known.seen.id, to, reason: known.want.reason })
  }
  const moves = await writeMoves(table, look, { due, written, rules }, look.refused, now)
  return { ...moves, sleepers, accounts, asks: due.length > 0 }
}

/** Services change within a minute, databases within some. */
const pauseAt = (looks: number): number => (looks < 8 ? 15 : 30)
