import { hold } from '../../../domain/roll-out/hold.ts'
import type { Candidate, Observed } from '../../../domain/roll-out/observed.ts'
import { plan } from '../../../domain/roll-out/plan.ts'
import { circuit as circuitItem } from '../../../domain/table/circuit.ts'
import { circuitKey } from '../../../domain/table/keys.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import { repositoriesOf, TAGS } from '../../../domain/tags.ts'
import { instant } from '../../../domain/time.ts'
import { getItems } from '../table/get.ts'
import { type Acting, sayAt } from './acting.ts'
import { openAlarms } from './alarms.ts'
import { imageName, recordLine, recordsOf, rollOutData } from './history.ts'
import { read, type Said } from './outcome.ts'
import { sleepingIn } from './rest-scope.ts'
import { sleepLine } from './rest-words.ts'
import { whatRuns } from './running.ts'
import { type Found, findService, isSaid, observed } from './services.ts'

/** Verdicts that are told. */
const VERDICTS = 4

/**
 * `why <service>`: what runs, since when, by whom; what holds it; its circuit and alarms; what would
 * become of the next push, by the very decision that a push would meet; and the last verdicts.
 */
export async function why(acting: Acting, { service }: { service: string }): Promise<Said> {
  const found = await findService(acting, service)
  if (isSaid(found)) return found
  const records = await recordsOf(acting, found.managed.id)
  const places = await observed(acting, found, { kind: 'sweep' })
  const [place] = isSaid(places) ? [] : places
  const { team, name } = found
  const runs = await runsLine(acting, found, records)
  const held = place === undefined ? undefined : hold(place, acting.now)
  const sleep = sleepLine(acting, found.managed.id, await sleepingIn(acting))
  const circuit = await circuitOf(acting, found)
  const alarms = await alarmsOf(acting, found)
  const next = isSaid(places) ? places.said : nextPush(acting, found, place)
  const about = { service: name, id: found.managed.id, team }
  return read(
    [
      `${found.name} (${found.managed.id}${team === '' ? '' : `, team ${team}`})`,
      `• Runs: ${runs}`,
      ...(place?.state?.rolling === undefined ? [] : [`• Under way: ${underWay(acting, place)}`]),
      ...(held === undefined ? [] : [`• Held (${held.verdict}): ${held.reason}`]),
      `• Sleep: ${sleep}`,
      `• Circuit: ${circuit}`,
      `• Alarms: ${alarms}`,
      `• Next push: ${next}`,
      records.length === 0 ? '• No roll-out is known yet.' : '• Last verdicts:',
      ...records.slice(0, VERDICTS).map((record) => `    ${recordLine(acting, record)}`),
    ].join('\n'),
    {
      ...{ ...about, runs, sleep, circuit, alarms, nextPush: next },
      ...(held !== undefined && { held }),
      ...(place?.state?.rolling !== undefined && { rolling: place.state.rolling }),
      lastVerdicts: records.slice(0, VERDICTS).map(rollOutData),
    },
  )
}

/** What runs, since when, by whom, and with how many tasks. */
export async function runsLine(
  acting: Acting,
  found: Found,
  records?: readonly RollOutRecord[],
): Promise<string> {
  const { image } = await whatRuns(acting, found)
  const { desiredCount = 0, runningCount = 0 } = found.managed.service
  const counts =
    desiredCount === 0 ? 'no task should run' : `${runningCount} of ${desiredCount} tasks`
  if (image === undefined) return `no image of its own yet; ${counts}`
  const known = records ?? (await recordsOf(acting, found.managed.id))
  const record = known.find(
    ({ verdict, detail }) => detail.digest === image.digest && verdict in ROLLED_OUT,
  )
  const name = imageName(image.tag, image.digest)
  if (record === undefined) return `${name}, deployed by somebody else; ${counts}`
  const { asked } = record.detail
  const by = asked === undefined ? 'by a push' : `by ${asked.by}: ${asked.reason}`
  const at = sayAt(acting, record.endedAt ?? record.at)
  return `${name}${ROLLED_OUT[record.verdict]} since ${at}, ${by}; ${counts}`
}

/** How an image came to run that Caretaker itself has given to the service. */
const ROLLED_OUT: Readonly<Record<string, string>> = {
  deployed: '',
  staged: '',
  'rolling-out': ', being rolled out',
  failed: ', whose roll-out failed,',
}

function underWay(acting: Acting, { state }: Observed): string {
  const { tag, digest, since } = state?.rolling ?? { tag: '', digest: '', since: '' }
  return `${imageName(tag, digest)} since ${sayAt(acting, since)}`
}

async function circuitOf(acting: Acting, { managed, name }: Found): Promise<string> {
  const [item] = await getItems(acting.table, [circuitKey(managed.id)])
  const known = item === undefined ? undefined : circuitItem.parse(item)
  if (known !== undefined && known.state !== 'closed') {
    const { state, since, reason } = known
    return `${state} since ${sayAt(acting, since)}${reason === '' ? '' : `: ${reason}`}`
  }
  const { services } = acting.catalog
  const asks = Object.hasOwn(services, managed.tags[TAGS.service] ?? name)
    ? services[managed.tags[TAGS.service] ?? name]?.circuit
    : false
  return asks ? 'closed' : 'none (the service does not ask for one)'
}

async function alarmsOf(acting: Acting, { managed }: Found): Promise<string> {
  const own = (await openAlarms(acting)).filter(({ detail }) => detail.serviceId === managed.id)
  if (own.length === 0) return 'none is red'
  return own
    .map(({ detail, at, verdict }) => {
      const seen = detail.acknowledged && `, acknowledged by ${detail.acknowledged.by}`
      const muted =
        detail.muted && `, muted by ${detail.muted.by} until ${sayAt(acting, detail.muted.until)}`
      return `${detail.name} ${verdict} since ${sayAt(acting, at)}${seen ?? ''}${muted ?? ''}`
    })
    .join('; ')
}

/** A digest that no image has: the next push's is not known yet. */
const NEXT = `sha256:${'f'.repeat(64)}`

/** What the decision about a push would be if a new image came now. */
function nextPush({ now }: Acting, { managed }: Found, place: Observed | undefined): string {
  if (place === undefined) return 'not known'
  const { policy } = place
  if (policy.kind === 'off') return 'is not taken: caretaker:deploy is "off"'
  const at = instant(now)
  const [repository = ''] = repositoriesOf(managed.tags)
  const tag = place.candidate?.tag ?? (policy.kind === 'exact' ? policy.tag : policy.text)
  const push = { repository, tag, digest: NEXT, at }
  const candidate: Candidate = {
    ...push,
    platforms: place.platform === undefined ? [] : [place.platform],
  }
  const { recorded: _, ...rest } = place
  const next: Observed = {
    ...rest,
    policy: { kind: 'exact', tag, text: tag },
    candidate,
    // Without an image of the tag nothing was compared with the containers.
    used: place.candidate === undefined ? true : place.used,
    waiting: [],
  }
  const [decision] = plan(next, { kind: 'push', push }, { now, at })
  const of = `of \`${policy.text}\``
  if (decision === undefined) return `${of}: nothing would be done`
  if (decision.action === 'record')
    return `${of} would end as ${decision.verdict}: ${decision.reason}`
  if (decision.action === 'wait') return `${of} would wait: ${decision.reason}`
  return `${of} would be rolled out: ${decision.reason}`
}
