import { readFileSync } from 'node:fs'
import { sleeperKey } from '../../domain/table/keys.ts'
import { Recording } from '../../local/invariants/recording.ts'
import { catalogOf } from './catalog.ts'
import { itemsOfKind } from './items.ts'
import { Stage } from './roll-outs.ts'

/** A backend, what depends on it, and a worker that is always on; the first two keep office hours. */
export const SERVICES = {
  'services/products.yaml':
    'team: storefront\nroute: { path: /products/*, priority: 100 }\nscaling: { min: 2, max: 3 }\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\nport: 8080\ndependsOn: [products]\nschedule: office-hours\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: always-on\n',
}

/** A service with a database of its own, and what depends on it and is scaled; both take a nap. */
export const NAPPERS = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: nap\n',
  'services/orders.yaml':
    'team: ordering\ndependsOn: [payments]\nscaling: { min: 2, max: 3 }\nschedule: nap\n',
}
/** Forty minutes' sleep cost a test as little as a night would cost it much. */
const NAP = `schedules:
  nap:
    running:
      - { days: mon-fri, from: 07:00, to: 10:40 }
      - { days: mon-fri, from: 11:20, to: 20:00 }
`

/** A worker that sleeps when nobody has used it for an hour. */
export const UNUSED_WORKER = {
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: office-hours\nidle: 1h\n',
}
/**
 * The catalog of the repository's environment with these services, and sleep as far as told.
 *
 * @param more lines of `environment.yaml`.
 * @param schedules those beside its own, from the line that begins them.
 */
export function nightCatalog(
  services: Record<string, string> = SERVICES,
  level: 'off' | 'tell' | 'act' = 'act',
  more = '',
  schedules = NAP,
): string {
  const text = readFileSync('catalog/environment.yaml', 'utf8')
  const environment = text.replace('schedules:\n', schedules)
  return catalogOf({
    'environment.yaml': `${environment}\nfeatures: { sleep: ${level} }\n${more}`,
    ...services,
  })
}

const NAMES = ['products', 'orders', 'mailer']

/**
 * When an environment is there that is of interest from half past seven, Monday 2 March 2026, in
 * Berlin, on: in a day before it nothing happens but sweeps.
 */
export const EVENING = new Date('2026-03-02T17:50:00Z')

/** An environment whose services run, and the time until it sleeps and wakes. Monday 2 March 2026. */
export class Night {
  readonly stage: Stage
  readonly recording: Recording
  readonly names: readonly string[]

  protected constructor(stage: Stage, names: readonly string[]) {
    this.stage = stage
    this.names = names
    this.recording = new Recording(stage.simulation)
  }

  /** @param start the instant at which the environment is there; the services follow. */
  static async open(
    catalog: string,
    names: readonly string[] = NAMES,
    start?: Date,
  ): Promise<Night> {
    const stage = await Stage.open({ catalog, ...(start && { start }) })
    for (const name of names) stage.push({ behaviour: 'healthy' }, name)
    await stage.minutes(30)
    return new Night(stage, names)
  }

  /** Lets time pass until a local time of the environment, in Berlin's winter. */
  async until(instant: string): Promise<void> {
    const { world } = this.stage.simulation
    await world.run(Date.parse(`${instant}:00+01:00`) - world.now)
  }

  /** How many tasks each service is asked for, and how many run. */
  async sizes(): Promise<Record<string, string>> {
    const each = await Promise.all(
      this.names.map(async (name) => {
        const { desired, running } = await this.stage.service(name)
        return [name, `${running?.count ?? 0}/${desired}`] as const
      }),
    )
    return Object.fromEntries(each)
  }

  /** What the control plane has changed, in its order: `19:00:43 UpdateService orders`. */
  changes(since = 0): string[] {
    return this.stage.simulation.aws.calls
      .slice(since)
      .filter(({ by, operation }) => by.startsWith('machine/') && MOVES.includes(operation))
      .map(({ operation, resource, outcome }) =>
        `${operation} ${resource} ${outcome}`.replace(/ ok$/, ''),
      )
  }

  /** What is kept of a resource (`domain/sleep/resource.ts` names them). */
  sleeper(id: string): Record<string, unknown> | undefined {
    return itemsOfKind(this.stage.simulation, 'sleeper').find(({ sk }) => sk === sleeperKey(id).sk)
  }

  /** How many calls there were so far. */
  get calls(): number {
    return this.stage.simulation.aws.calls.length
  }
}

const MOVES = [
  'UpdateService',
  'RegisterScalableTarget',
  'StopDBInstance',
  'StartDBInstance',
  'StopInstances',
  'StartInstances',
  'UpdateAutoScalingGroup',
  'SuspendProcesses',
  'ResumeProcesses',
  'StopDBCluster',
  'StartDBCluster',
]
