import type { Expression, GetCostAndUsageRequest } from '@aws-sdk/client-cost-explorer'
import { DAY, dayAfter } from '../../../domain/local-time.ts'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { Anomalies } from './anomalies.ts'
import type { Unusual } from './anomaly.ts'

/** From a day on, what a day costs by AWS's services: US dollars. */
type Told = { team: string | undefined; from: string; perDay: Readonly<Record<string, number>> }

/**
 * Cost Explorer: what each day has cost by AWS's services, as it was told (`spend` of a scenario), a
 * day late; and what is unusual in it (`anomaly`). Other groups, metrics and granularities are refused.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
export class CostExplorer implements Service {
  readonly id = 'cost-explorer'
  readonly operations: Operations
  readonly #aws: Aws
  readonly #anomalies: Anomalies
  readonly #told: Told[] = []

  constructor(aws: Aws) {
    this.#aws = aws
    this.#anomalies = new Anomalies(aws)
    this.operations = {
      ...this.#anomalies.operations,
      GetCostAndUsage: (input: GetCostAndUsageRequest) => this.#costs(input),
    }
  }

  /** Whether a monitor would see something unusual. */
  sees = (unusual: Unusual): boolean => this.#anomalies.sees(unusual)

  /** AWS's models find it. */
  detect = (unusual: Unusual): void => this.#anomalies.detect(unusual)

  tagged = () => this.#anomalies.tagged()

  /** From today on, or another day, a day of a team's (or the environment's) costs so much. */
  costs(team: string | undefined, perDay: Told['perDay'], from = this.#today()): void {
    this.#told.push({ team, from, perDay })
  }

  #today(): string {
    return this.#aws.world.date.toISOString().slice(0, 10)
  }

  #costs(input: GetCostAndUsageRequest) {
    const known = ['TimePeriod', 'Granularity', 'Metrics', 'Filter', 'GroupBy']
    onlyMembers('cost-explorer:GetCostAndUsage', input, known)
    const { Start = '', End = '' } = input.TimePeriod ?? {}
    if (!(Start < End)) {
      throw new AwsError('ValidationException', 'Start date (and hour) should be before end date')
    }
    refuseOthers(input)
    const [team] = ownersIn(input.Filter)
    const days = (Date.parse(End) - Date.parse(Start)) / DAY
    return {
      ResultsByTime: Array.from({ length: days }, (_, place) => {
        const day = dayAfter(Start, place)
        return {
          TimePeriod: { Start: day, End: dayAfter(day, 1) },
          Groups: Object.entries(this.#on(team, day)).map(([service, usd]) => ({
            Keys: [service],
            Metrics: { UnblendedCost: { Amount: String(usd), Unit: 'USD' } },
          })),
          Estimated: true,
        }
      }),
    }
  }

  /** Today's costs show tomorrow. */
  #on(team: string | undefined, day: string): Told['perDay'] {
    if (day >= this.#today()) return {}
    return this.#told.findLast((one) => one.team === team && one.from <= day)?.perDay ?? {}
  }
}

function refuseOthers({ Granularity, Metrics = [], GroupBy = [] }: GetCostAndUsageRequest): void {
  const [group] = GroupBy
  const isKnown = group?.Type === 'DIMENSION' && group.Key === 'SERVICE' && GroupBy.length === 1
  if (Granularity === 'DAILY' && Metrics.join() === 'UnblendedCost' && isKnown) return
  throw new NotImplemented('other costs than UnblendedCost by the day and SERVICE')
}

/** The teams that a filter names by their tag. */
function ownersIn(filter: Expression | undefined): string[] {
  if (filter === undefined) return []
  const own = filter.Tags?.Key === 'caretaker:owner' ? (filter.Tags.Values ?? []) : []
  return [...own, ...(filter.And ?? []).flatMap(ownersIn)]
}
