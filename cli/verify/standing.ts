import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { Environment } from '../../catalog/schema.ts'
import { identityOf, mayActFor, standingOf } from '../../domain/acts/who.ts'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'

/**
 * Why the catalog does not let the caller ask for a team's sleep; undefined where it does. Known
 * before anything is made; what the environment was deployed with has the last word.
 */
export async function notOf(
  place: Place,
  { teams, operators }: Environment,
  team: string,
): Promise<string | undefined> {
  const sts = new STSClient(await configurationOf(place))
  const { Arn = '', Account = '' } = await sts.send(new GetCallerIdentityCommand({}))
  const who = standingOf({ teams, operators }, identityOf(Arn, Account))
  if (mayActFor(who, team)) return undefined
  return `Nothing was made. Only members of ${team}, and operators, may put a service of ${team} to sleep and wake it, and the catalog does not name ${who.name} as one.`
}
