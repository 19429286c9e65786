import type { Override, Sleeper } from '../../domain/table/sleeper.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Aws } from '../aws/aws.ts'
import type { Simulation } from '../simulation/simulation.ts'

/** What is kept of something that sleeps, and what its tags say of it. */
export type SleeperReport = {
  id: string
  name: string
  owner: string
  schedule: string
  order: number
  kept: Sleeper
}

export type OverrideReport = Override & { id: string }

/** Everything that carries a schedule, as far as Caretaker has looked at it, by its order. */
export function sleepersOf({ aws, records }: Simulation): SleeperReport[] {
  const tagged = new Map(
    aws.services.flatMap((service) =>
      [...(service.tagged?.() ?? [])].map(({ arn, tags }) => [arn, tags] as const),
    ),
  )
  return records.sleepers
    .map(({ id, kept }) => {
      const tags = tagged.get(arnOf(aws, id)) ?? {}
      const last = id.split('/').at(-1) ?? id
      const isService = id.startsWith('service/')
      return {
        id,
        name: (isService ? tags[TAGS.service] : tags.Name) ?? last,
        owner: tags[TAGS.owner] ?? '',
        schedule: tags[TAGS.schedule] ?? '',
        order: Number(tags[TAGS.order] ?? Number.POSITIVE_INFINITY),
        kept,
      }
    })
    .toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

/** Groups have an ARN that only Auto Scaling knows. */
function arnOf(aws: Aws, id: string): string {
  const [kind = '', ...rest] = id.split('/')
  const name = rest.join('/')
  switch (kind) {
    case 'service':
      return aws.arn('ecs', `service/${name}`)
    case 'instance':
      return aws.arn('ec2', `instance/${name}`)
    case 'database':
      return aws.arn('rds', `db:${name}`)
    case 'cluster':
      return aws.arn('rds', `cluster:${name}`)
    default:
      return name
  }
}
