import type { Aws, Operations, SeenCall, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { recordOf, writtenAs } from './record.ts'
import { Trails, trailOperations } from './trails.ts'

/** Milliseconds from a call until its event is on the bus; AWS gives no number. */
const [SOONEST, LATEST] = [3_000, 300_000]

/**
 * AWS CloudTrail: calls that change something become events on the default bus, some time later and
 * at best effort, while a trail logs them. No log files, no event history, no Insights.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class CloudTrail implements Service {
  readonly id = 'cloudtrail'
  readonly operations: Operations
  readonly #aws: Aws
  readonly #trails: Trails

  constructor(aws: Aws) {
    this.#aws = aws
    this.#trails = new Trails(aws)
    this.operations = trailOperations(this.#trails)
    aws.observers.push((seen) => this.#see(seen))
  }

  #see(seen: SeenCall): void {
    if (!this.#trails.logsWrites) return
    const written = writtenAs(seen)
    if (written === undefined) return
    const { world } = this.#aws
    const time = world.date
    const detail = recordOf(this.#aws, seen, written)
    // Most within a minute, few after minutes.
    const late = Math.round(
      SOONEST * (LATEST / SOONEST) ** world.random.next('cloudtrail/delivery'),
    )
    world.after(late, `CloudTrail tells of ${seen.operation}`, () =>
      this.#aws.emit({
        source: `aws.${written.source}`,
        detailType: 'AWS API Call via CloudTrail',
        resources: [],
        detail,
        delivery: 'best-effort',
        time,
      }),
    )
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#trails.trails.values()
  }
}
