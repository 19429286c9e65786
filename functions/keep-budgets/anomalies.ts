import { type Anomaly, teamOf } from '../../domain/budgets/anomaly.ts'
import type { AnomalyRecord } from '../../domain/table/anomaly-record.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { anomalyKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { claimItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Looking } from './looking.ts'

/**
 * Tells of what AWS finds unusual, to the team whose costs they are, or to the environment's owner.
 * AWS sends the same again while it goes on: then its one message says the newest figures.
 */
export async function tellAnomaly(looking: Looking, anomaly: Anomaly): Promise<void> {
  const { table } = looking
  const record = recordOf(looking, anomaly)
  const there = await claimItem(table, record)
  if (there === undefined) return
  const { detail } = readItem('anomaly', there)
  if (detail.to > record.detail.to || JSON.stringify(detail) === JSON.stringify(record.detail))
    return
  await updateItem(table, {
    key: anomalyKey(anomaly.id),
    expression: 'SET detail = :detail',
    condition: 'attribute_exists(pk)',
    values: { ':detail': record.detail },
  })
}

function recordOf({ catalog, now }: Looking, anomaly: Anomaly): AnomalyRecord {
  const { usd, spent, expected, from, to, causes, link, value } = anomaly
  const team = teamOf(catalog, anomaly)
  return readItem('anomaly', {
    ...anomalyKey(anomaly.id),
    version: VERSION,
    kind: 'anomaly',
    subject: team ?? (value || catalog.environment),
    owner: team ?? catalog.owner,
    at: instant(now),
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: { usd, spent, expected, from, to, causes, link },
  })
}
