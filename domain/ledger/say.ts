import type { Stays } from '../compiled-catalog.ts'
import { CARETAKER_MONTH, HOURS_A_MONTH } from '../prices.ts'
import type { TeamSlept } from './sums.ts'

/** `$3.41`; cents are enough, and what is less than one is said to be. */
export const sayUsd = (usd: number): string =>
  usd > 0 && usd < 0.01 ? 'less than $0.01' : `$${usd.toFixed(2)}`

/** `74 h` */
export const sayHours = (hours: number): string => `${Math.round(hours)} h`

/** What every sum is worth, said with each of them. */
export const AT_LIST_PRICE =
  'At list prices of us-east-1: Savings Plans, reservations and free tiers make it less.'

/** `ordering: 74 h asleep, $3.41 not spent. No price is known for legacy.` */
export function sayTeam({ team, hours, usd, unpriced }: TeamSlept): string {
  const unknown = unpriced.length === 0 ? '' : ` No price is known for ${unpriced.join(', ')}.`
  const name = team === '' ? 'without an owner' : team
  return `${name}: ${sayHours(hours)} asleep, ${sayUsd(usd)} not spent.${unknown}`
}

/** What was paid meanwhile all the same, whatever sleeps: US dollars for so many hours. */
export function staysFor(
  stays: readonly Stays[],
  slept: readonly Pick<TeamSlept, 'stays'>[],
  hours: number,
): { what: string; usd: number }[] {
  const storage = slept.reduce((sum, team) => sum + team.stays, 0)
  return [
    ...stays.map(({ what, hour }) => ({ what, usd: hour * hours })),
    ...(storage > 0 ? [{ what: 'storage of what slept', usd: storage }] : []),
    { what: 'Caretaker itself', usd: (CARETAKER_MONTH / HOURS_A_MONTH) * hours },
  ]
}

/** `NAT gateway $7.56, load balancer $3.78, Caretaker itself $0.35` */
export const sayStays = (lines: readonly { what: string; usd: number }[]): string =>
  lines.map(({ what, usd }) => `${what} ${sayUsd(usd)}`).join(', ')
