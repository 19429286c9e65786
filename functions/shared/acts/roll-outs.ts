import type { InputOf } from '../../../domain/acts/inputs.ts'
import { shortDigest } from '../../../domain/image.ts'
import { hold } from '../../../domain/roll-out/hold.ts'
import type { Cause, Decision, Observed } from '../../../domain/roll-out/observed.ts'
import { plan } from '../../../domain/roll-out/plan.ts'
import { instant } from '../../../domain/time.ts'
import { startRollOut } from '../roll-out/start.ts'
import { putItem } from '../table/put.ts'
import { type Acting, command, sayAt } from './acting.ts'
import { imageName, runName } from './history.ts'
import { byTag, failedHere, type Named, ranHere } from './images.ts'
import { type Change, isChange, type Planned, refusal, type Said } from './outcome.ts'
import { whatRuns } from './running.ts'
import { type Found, findToChange, isSaid, observed } from './services.ts'

type Verb = 'deploy' | 'roll-back' | 'retry'

/** What is meant: an image, and how it is asked for. */
type Wanted = {
  verb: Verb
  image: Exclude<Named, { unknown: string }>
  reason: string
  /** Although it did not hold here, or never ran here. */
  retry: boolean
  /** Why a freeze is passed; undefined: it holds. */
  despiteFreeze: string | undefined
}

export async function deploy(acting: Acting, input: InputOf<'deploy'>): Promise<Planned> {
  const found = await findToChange(acting, input.service, 'deploy')
  if (isSaid(found)) return found
  const image = await byTag(acting, found, input.tag)
  const { despiteFreeze } = input
  const reason = despiteFreeze ?? `deployed by hand (${input.tag})`
  return about(acting, found, { verb: 'deploy', image, reason, retry: true, despiteFreeze })
}

export async function rollBack(acting: Acting, input: InputOf<'roll-back'>): Promise<Planned> {
  const found = await findToChange(acting, input.service, 'roll back')
  if (isSaid(found)) return found
  const running = (await whatRuns(acting, found)).image?.digest
  const image = await ranHere(acting, found, input.digest ?? input.image, running)
  const reason = input.reason || 'rolled back by hand'
  return about(acting, found, {
    ...{ verb: 'roll-back', image, reason, retry: false, despiteFreeze: undefined },
  })
}

export async function retry(acting: Acting, input: InputOf<'retry'>): Promise<Planned> {
  const found = await findToChange(acting, input.service, 'retry')
  if (isSaid(found)) return found
  const named = input.digest ?? input.image
  const image = await (named === undefined
    ? failedHere(acting, found)
    : ranHere(acting, found, named, undefined))
  const { despiteFreeze } = input
  const reason = despiteFreeze ?? 'tried once more by hand'
  return about(acting, found, { verb: 'retry', image, reason, retry: true, despiteFreeze })
}

/** The machine decides it once more; what it would refuse is said now, and nothing is started. */
async function about(
  acting: Acting,
  found: Found,
  { image, ...wanted }: Omit<Wanted, 'image'> & { image: Named },
): Promise<Planned> {
  const refuse = (why: string): Promise<Said> =>
    refusal(
      acting,
      wanted.verb,
      found.managed.id,
      found.name,
      `Nothing was done to ${found.name}: ${why}.`,
    )
  if ('unknown' in image) return refuse(image.unknown)
  const cause: Cause = {
    kind: 'by-hand',
    digest: image.digest,
    by: acting.who.name,
    reason: wanted.reason,
    retry: wanted.retry,
  }
  const places = await observed(acting, found, cause)
  if (isSaid(places)) return places
  const against = heldBack(acting, found, { image, ...wanted }, places)
  if (against !== undefined) return refuse(against)
  const decisions = places.flatMap((place) =>
    plan(place, cause, { now: acting.now, at: instant(acting.now) }),
  )
  const going = decisions.find(({ action }) => action === 'roll-out' || action === 'wait')
  if (going === undefined) {
    return refuse(decisions.at(-1)?.reason ?? 'the registry has no such image any more')
  }
  const place = places.find(({ running }) => running) ?? places[0]
  const change = changeOf(acting, found, { image, ...wanted }, { going, place })
  return isChange(change) ? change : refuse('it cannot be started')
}

/** Why a person's word does not go through: a pin, a freeze, or an image that did not hold. */
function heldBack(
  acting: Acting,
  { name }: Found,
  { verb, image, despiteFreeze }: Wanted,
  places: readonly Observed[],
): string | undefined {
  // Going back is never held.
  if (verb === 'roll-back') return undefined
  const [place] = places
  const held = place && hold(place, acting.now)
  if (held?.verdict === 'pinned') {
    return `${held.reason}. ${command(acting, `unpin ${name}`)} ends that`
  }
  if (held !== undefined && despiteFreeze === undefined) {
    const ends =
      held.of === 'budget'
        ? 'It ends with the month, or as soon as the budget is raised'
        : '`thaw` ends a freeze'
    return `${held.reason}. ${ends}; with a reason it is passed: ${command(acting, `${verb} ${name} ${image.tag || shortDigest(image.digest)} --despite-freeze <reason>`)}. Going back (\`rollback\`) is never frozen`
  }
  const tried = place?.state?.tried?.[image.digest]
  const bad = tried?.verdict === 'rolled-back' || tried?.verdict === 'recalled'
  if (verb !== 'deploy' || !bad) return undefined
  return `${imageName(image.tag, image.digest)} was rolled back here at ${sayAt(acting, tried.at)}: ${tried.reason}. To try it all the same: ${command(acting, `retry ${name} ${shortDigest(image.digest)}`)}`
}

function changeOf(
  acting: Acting,
  { managed, name }: Found,
  { verb, image, reason, retry }: Wanted,
  { going, place }: { going: Decision; place: Observed | undefined },
): Change {
  const running = place?.running
  const from = running === undefined ? '' : imageName(running.tag, running.digest)
  const to = imageName(image.tag || going.push.tag, image.digest)
  const back =
    running &&
    `${verb === 'roll-back' ? 'retry' : 'rollback'} ${name} ${shortDigest(running.digest)}`
  const what = image.ran === undefined ? to : runName(image.ran)
  const place_ = from === '' ? '' : ` in place of ${from}`
  const first = going.action === 'wait' ? `, as soon as the roll-out under way has ended` : ''
  const doing = verb === 'roll-back' ? `${name} goes back to ${what}` : `${name} rolls out ${what}`
  return {
    outcome: 'started',
    service: managed.id,
    subject: name,
    from,
    to,
    reason,
    undo: back ?? '',
    said: `Started: ${doing}${place_}${first}. Its message says how it ends.`,
    commit: async (receipt) => {
      const input = {
        service: managed.arn,
        digest: image.digest,
        by: acting.who.name,
        reason,
        retry,
      }
      // Of one request there is one execution, however often it comes.
      await startRollOut(acting.sfn, acting.machine, input, `act-${acting.id}`)
      await putItem(acting.table, receipt)
      return undefined
    },
  }
}
