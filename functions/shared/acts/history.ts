import type { RollOut } from '../../../domain/acts/answer.ts'
import { shortDigest } from '../../../domain/image.ts'
import { type Run, runsOf } from '../../../domain/roll-out/ran-well.ts'
import { sayLength } from '../../../domain/say-time.ts'
import { ROLL_OUT, servicePartition } from '../../../domain/table/keys.ts'
import { type RollOutRecord, rollOutRecord } from '../../../domain/table/record.ts'
import { cut } from '../../../domain/text.ts'
import type { TriedVerdict } from '../../../domain/verdicts.ts'
import { readTried } from '../roll-out/stored.ts'
import { newestItems } from '../table/query.ts'
import { type Acting, sayAt } from './acting.ts'
import { read, type Said } from './outcome.ts'
import { whatRuns } from './running.ts'
import { findService, isSaid } from './services.ts'

/** Roll-outs that are looked at; older ones can be named by their whole digest. */
const LOOKED_AT = 100
/** Roll-outs that are told. */
const TOLD = 10
const REASON = 160

/** The last roll-outs of a service, newest first; one that cannot be read is left out. */
export async function recordsOf({ table }: Acting, service: string): Promise<RollOutRecord[]> {
  const items = await newestItems(table, servicePartition(service), ROLL_OUT, LOOKED_AT)
  return items.flatMap((item) => {
    const result = rollOutRecord.safeParse(item)
    return result.success ? [result.data] : []
  })
}

/** What became of each of these digests in a service. */
export async function triedIn(
  { table }: Acting,
  service: string,
  digests: readonly string[],
): Promise<Map<string, TriedVerdict>> {
  const each = [...new Set(digests)]
  const items = await readTried(
    table,
    each.map((digest) => ({ service, digest })),
  )
  return new Map(
    items.flatMap((item, place) =>
      item === undefined ? [] : [[each[place] ?? '', item.verdict] as const],
    ),
  )
}

/** `v1.2 (857d0c2d2334)` */
export const imageName = (tag: string | undefined, digest: string): string =>
  tag ? `${tag} (${shortDigest(digest)})` : shortDigest(digest)

/** `v1.2 (857d0c2d2334), which ran 6 days` */
export const runName = ({ tag, digest, from, to }: Run): string =>
  `${imageName(tag, digest)}, which ran ${sayLength(Date.parse(to) - Date.parse(from))}`

/** One roll-out in a line. */
export function recordLine(acting: Acting, { at, verdict, reason, detail }: RollOutRecord): string {
  const by = detail.asked === undefined ? '' : `, asked for by ${detail.asked.by}`
  return `${sayAt(acting, at)}: ${imageName(detail.tag, detail.digest)} ${verdict}${by}. ${cut(reason, REASON)}`
}

/** One roll-out, for a program. */
export const rollOutData = ({ at, endedAt, verdict, reason, detail }: RollOutRecord): RollOut => ({
  ...{ at, repository: detail.repository, tag: detail.tag, digest: detail.digest, verdict },
  ...(endedAt !== undefined && { endedAt }),
  ...(detail.asked !== undefined && { by: detail.asked.by }),
  reason: cut(reason, REASON),
})

/** `history <service>` */
export async function history(acting: Acting, { service }: { service: string }): Promise<Said> {
  const found = await findService(acting, service)
  if (isSaid(found)) return found
  const records = await recordsOf(acting, found.managed.id)
  const { image } = await whatRuns(acting, found)
  const data = {
    service: found.name,
    ...(image !== undefined && { runs: image.digest }),
    rollOuts: records.map(rollOutData),
  }
  if (records.length === 0) return read(`${found.name} has no roll-outs yet.`, data)
  const ran = runsOf(records, acting.now).slice(0, 3)
  return read(
    [
      `The last roll-outs of ${found.name}:`,
      ...records.slice(0, TOLD).map((record) => `• ${recordLine(acting, record)}`),
      ...(ran.length === 0 ? [] : [`Ran well: ${ran.map(runName).join('; ')}.`]),
    ].join('\n'),
    { ...data, ranWell: ran },
  )
}
