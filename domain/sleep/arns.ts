import { serviceOf } from '../arn.ts'
import type { Kind } from './resource.ts'

/** What the tagging API calls the resources that can sleep. */
export const TAGGED_TYPES = ['ecs:service', 'ec2:instance', 'rds:db', 'rds:cluster']

const KIND_OF: Record<string, Kind> = { instance: 'instance', db: 'database', cluster: 'cluster' }

/** A resource's id (`domain/sleep/resource.ts`) from its ARN; undefined for what cannot sleep. */
export function resourceOf(arn: string): { id: string; kind: Kind } | undefined {
  const [, , of, , , ...rest] = arn.split(':')
  if (of === 'ecs') return { id: `service/${serviceOf(arn)}`, kind: 'service' }
  const [type = '', name = ''] = of === 'ec2' ? rest.join(':').split('/') : rest
  const kind = KIND_OF[type]
  return kind === undefined || name === '' ? undefined : { id: `${kind}/${name}`, kind }
}
