import * as z from 'zod/mini'

/**
 * RDS: a database or a cluster has started (0088, 0151), or AWS begins to start one that was
 * stopped for seven days (0154, 0153), which no trail shows. Best effort.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export const pattern = {
  source: ['aws.rds'],
  'detail-type': ['RDS DB Instance Event', 'RDS DB Cluster Event'],
  detail: { EventID: ['RDS-EVENT-0088', 'RDS-EVENT-0151', 'RDS-EVENT-0154', 'RDS-EVENT-0153'] },
}

/** AWS begins to start it by itself: it is not up yet. */
export const STARTED_BY_AWS: readonly string[] = ['RDS-EVENT-0154', 'RDS-EVENT-0153']

export const schema = z.looseObject({
  id: z.string(),
  'detail-type': z.enum(['RDS DB Instance Event', 'RDS DB Cluster Event']),
  time: z.string(),
  detail: z.looseObject({ EventID: z.string(), SourceIdentifier: z.string() }),
})

export type DatabaseStarted = z.infer<typeof schema>
