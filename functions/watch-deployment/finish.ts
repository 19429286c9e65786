import { marshall } from '@aws-sdk/util-dynamodb'
import type { ServiceState } from '../../domain/table/service-state.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import { imagesOf } from '../shared/roll-out/images.ts'
import { scanIn } from '../shared/roll-out/scan.ts'
import type { Check } from './contract.ts'
import { keep, letGo } from './keep.ts'
import { noteFindings } from './notes.ts'
import type { Outcome } from './outcome.ts'
import type { Watcher } from './watch.ts'

/** An outcome with what its record says besides; `findings` as DynamoDB spells them. */
type Finished = Outcome & { findings?: unknown }

/**
 * What is left to do once a roll-out has an outcome: tell what the registry found in the image, by
 * now it has scanned it unless it does not, and give what runs its name.
 *
 * @returns the outcome, with the findings; the machine writes them with its verdict.
 */
export async function finished(
  watcher: Watcher,
  asked: Check,
  state: Partial<ServiceState>,
  outcome: Outcome,
): Promise<Finished> {
  const { ecr, table } = watcher
  const { scanned, kept, service } = asked
  const runs = outcome.verdict === 'deployed' || outcome.verdict === 'staged'
  const before = kept && runs ? ranBefore(state, kept) : []
  const repository = scanned?.repository ?? kept?.repository ?? ''
  const asking = new Set([...(scanned ? [scanned.digest] : []), ...before])
  const images = await imagesOf(ecr, repository, [...asking])
  const scan = scanned ? scanIn(images.get(scanned.digest)) : undefined
  const found = scan === undefined || scan === 'pending' ? undefined : scan.findings
  if (kept === undefined) {
    // The machine of the version before does not write findings.
    const record = state.rolling?.record ?? ''
    if (found !== undefined) await noteFindings(table, service, record, found)
    return outcome
  }
  const ended =
    kept === null || !runs
      ? outcome
      : await withName(watcher, asked, outcome, async () => {
          const isKept = await keep(ecr, asked.serviceArn, kept)
          // A staged image has not been seen to run: what ran before may yet run again.
          if (!isKept || outcome.verdict === 'staged') return
          await letGo(
            ecr,
            kept,
            before.flatMap((digest) => images.get(digest) ?? []),
          )
        })
  return found === undefined ? ended : { ...ended, findings: marshall({ found }).found }
}

/** Images of this repository that the roll-outs before deployed or found running. */
function ranBefore(
  { revisions = [], rolling }: Partial<ServiceState>,
  { repository, digest }: { repository: string; digest: string },
): string[] {
  const deployed = revisions.flatMap(({ images }) =>
    images.filter((image) => image.repository === repository).map((image) => image.digest),
  )
  const from = rolling?.from?.digest
  const all = [...deployed, ...(from === undefined ? [] : [from])]
  return [...new Set(all)].filter((one) => one !== digest)
}

/**
 * Names what runs, or is to run when its service wakes. An image that cannot be named runs all the
 * same: the record says so, and the verdict stays.
 */
async function withName(
  { log }: Watcher,
  { service }: Check,
  outcome: Outcome,
  name: () => Promise<void>,
): Promise<Outcome> {
  try {
    await name()
    return outcome
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    log.error('the image that runs has no name', { caretakerService: service, error })
    const reason = `${outcome.reason}. The registry did not take the name that keeps the image: ${why}`
    return { ...outcome, reason: cut(reason, REASON_CHARACTERS) }
  }
}
