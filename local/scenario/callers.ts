import type { Caller } from '../aws/aws.ts'
import { AwsError } from '../aws/errors.ts'
import { administrator } from '../simulation/identity-center.ts'
import type { Simulation } from '../simulation/simulation.ts'

/** Who makes calls when a step does not say. */
export const SCENARIO: Caller = { kind: 'person', name: 'scenario' }

/**
 * Who makes a call: a user, somebody whom Identity Center lets in (an e-mail address), or the session
 * of a role (`ci-deploy/GitHubActions`).
 *
 * @throws AwsError NoSuchEntity for a role that is not there.
 */
export async function callerOf(by: string | undefined, { aws, iam }: Simulation): Promise<Caller> {
  if (by === undefined) return SCENARIO
  const [role = '', session] = by.split('/')
  if (session === undefined)
    return by.includes('@') ? administrator(aws, by) : { kind: 'person', name: by }
  const found = iam.roles.find(({ name }) => name === role)
  if (found !== undefined) return { kind: 'person', name: session, roleArn: found.arn }
  throw new AwsError('NoSuchEntity', `The role with name ${role} cannot be found.`)
}
