import { PRICE_LIST } from '../price-list.ts'
import { HOURS_A_MONTH, PRICES } from '../prices.ts'

/** What AWS bills by the hour while something runs. */
export type Runs =
  /** Tasks on Fargate: CPU units and MiB of one. */
  | { of: 'tasks'; cpu: number; memory: number; arm: boolean; spot: boolean }
  /** Tasks on instances of the cluster: those are what is paid. */
  | { of: 'tasks-on-instances' }
  | { of: 'instance'; type: string }
  /** A member each: a Multi-AZ database has two, a cluster what it has. */
  | { of: 'database'; classes: readonly string[]; engine: string; gigabytes: number }

/** What is not paid while something sleeps, at list price. */
export type Rate = {
  /** US dollars an hour; absent: its price is not known. */
  hour?: number | undefined
  /** What that is: `2 tasks of 256 CPU and 512 MiB`. */
  size: string
  /** US dollars an hour that go on while it sleeps: its storage. */
  stays?: number | undefined
}

/** Dollars an hour at list price of one Fargate task: CPU units and MiB. */
export const taskHour = (cpu: number, memory: number, arm = true): number =>
  (cpu / 1024) * (arm ? PRICES.fargateVcpuHour : PRICES.fargateX86VcpuHour) +
  (memory / 1024) * (arm ? PRICES.fargateGigabyteHour : PRICES.fargateX86GigabyteHour)

/** Nothing says how large it is. */
export const UNKNOWN: Rate = { size: 'a size that is not known' }

/** @param count tasks of a service, instances of a group; one of everything else. */
export function rateOf(runs: Runs | undefined, count: number): Rate {
  if (runs === undefined) return UNKNOWN
  switch (runs.of) {
    case 'tasks': {
      const { cpu, memory, arm, spot } = runs
      const hour = count * taskHour(cpu, memory, arm) * (spot ? PRICES.fargateSpotShare : 1)
      const size = `${times(count, 'task')} of ${cpu} CPU and ${memory} MiB${spot ? ', Spot' : ''}`
      return { hour, size }
    }
    case 'tasks-on-instances':
      return {
        hour: 0,
        size: `${times(count, 'task')} on instances, which are paid for by themselves`,
      }
    case 'instance':
      return {
        hour: scaled(priceIn(PRICE_LIST.instance, runs.type), count),
        size: each(count, runs.type),
      }
    case 'database':
      return databaseRate(runs)
  }
}

function databaseRate({ classes, engine, gigabytes }: Extract<Runs, { of: 'database' }>): Rate {
  const list = LISTS[engine]
  const hours = classes.map((one) => (list === undefined ? undefined : priceIn(list, one)))
  const size = [...Map.groupBy(classes, (one) => one)].map(([one, same]) => each(same.length, one))
  return {
    hour: hours.reduce<number | undefined>(
      (sum, hour) => (sum === undefined || hour === undefined ? undefined : sum + hour),
      0,
    ),
    size: size.join(' and '),
    stays: (gigabytes * PRICES.databaseGigabyteMonth) / HOURS_A_MONTH,
  }
}

/** By RDS's names of engines; the others are licensed by edition. */
const LISTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  postgres: PRICE_LIST.postgres,
  mysql: PRICE_LIST.mysql,
  mariadb: PRICE_LIST.mysql,
  'aurora-postgresql': PRICE_LIST.aurora,
  'aurora-mysql': PRICE_LIST.aurora,
}

const priceIn = (list: Readonly<Record<string, number>>, type: string): number | undefined =>
  Object.hasOwn(list, type) ? list[type] : undefined

const scaled = (hour: number | undefined, count: number): number | undefined =>
  hour === undefined ? undefined : hour * count

const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const each = (count: number, what: string): string => (count === 1 ? what : `${count} × ${what}`)
