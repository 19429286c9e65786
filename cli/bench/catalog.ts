import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { DescribeServicesResponse } from '@aws-sdk/client-ecs'
import type { Caller } from '../../local/aws/aws.ts'
import { ROOT } from '../../local/own-files.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'

/** Caretaker's own example is measured, wherever one is: figures are only then comparable. */
export const EXAMPLE = join(ROOT, 'catalog')

/** CloudFormation deploys what is measured: that is before. */
export const SETUP: Caller = { kind: 'cloudformation', name: 'bench' }

/** One service, of which others are made by hand. */
export const ORDERS = { orders: 'team: ordering\nkind: worker\n' }

/**
 * Measures something in a catalog that is there for so long.
 *
 * @param services each service's file, by its name.
 * @param environment what the example's `environment.yaml` becomes.
 */
export async function inCatalog<Measured>(
  services: Record<string, string>,
  environment: (own: string) => string,
  measure: (directory: string) => Promise<Measured>,
): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'caretaker-bench-'))
  try {
    const own = readFileSync(join(EXAMPLE, 'environment.yaml'), 'utf8')
    writeFileSync(join(directory, 'environment.yaml'), environment(own))
    mkdirSync(join(directory, 'services'))
    for (const [name, text] of Object.entries(services)) {
      writeFileSync(join(directory, 'services', `${name}.yaml`), text)
    }
    return await measure(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Measures something in the example, none of whose services and databases ever sleeps. */
export function withoutSchedules<Measured>(
  measure: (directory: string) => Promise<Measured>,
): Promise<Measured> {
  const directory = join(EXAMPLE, 'services')
  const services = readdirSync(directory).map((file) => [
    basename(file, '.yaml'),
    readFileSync(join(directory, file), 'utf8').replaceAll(SCHEDULE, ''),
  ])
  return inCatalog(Object.fromEntries(services), (own) => own.replaceAll(SCHEDULE, ''), measure)
}

const SCHEDULE = /^ *schedule: .*\n/gm

/** What others are like: the catalog's one service, as ECS has it. */
export async function modelOf({ aws, environment }: Simulation) {
  const cluster = `${environment.name}-backend`
  const { services = [] } = await aws.call<DescribeServicesResponse>(
    'ecs',
    'DescribeServices',
    { cluster, services: ['orders'] },
    SETUP,
  )
  const [one] = services
  if (one === undefined) throw new Error('the environment has no service to make others of')
  const { taskDefinition, networkConfiguration } = one
  return { cluster, taskDefinition, networkConfiguration, launchType: 'FARGATE' }
}
