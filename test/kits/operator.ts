import { evaluate } from '../../local/aws/iam/evaluate.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'

/** What an SDK package is called in IAM, where that is another name. */
const PREFIX: Record<string, string> = {
  'cost-explorer': 'ce',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'codestar-connections': 'codestar-connections',
  'secrets-manager': 'secretsmanager',
  'service-quotas': 'servicequotas',
}
/** What every identity may ask. */
const ALWAYS = 'sts:GetCallerIdentity'

/**
 * Of the calls that a person has made, the actions that `<environment>-operator` may not, on
 * anything of the environment. The local IAM does not know every service; the policies name all.
 */
export function beyondOperators({ aws, iam, environment }: Simulation, person: string): string[] {
  const role = iam.findRole(`arn:aws:iam::${aws.account}:role/${environment.name}-operator`)
  if (role === undefined) throw new Error('there is no operator')
  const { policies, boundary } = iam.permissionsOf(role)
  const resources = [
    '*',
    aws.arn('dynamodb', `table/${environment.name}-caretaker`),
    aws.arn('secretsmanager', `secret:${environment.name}/caretaker/slack-AbCdEf`),
  ]
  const context = (key: string) =>
    key === 'aws:ResourceTag/caretaker:environment' ? [environment.name] : undefined
  const may = (action: string) =>
    resources.some(
      (resource) => evaluate(policies, boundary, { action, resource, context }).allowed,
    )
  const actions = aws.calls
    .filter(({ by }) => by === `person/${person}`)
    .map(({ service, operation }) => `${PREFIX[service] ?? service}:${operation}`)
  if (actions.length === 0) throw new Error(`${person} has called nothing`)
  return [...new Set(actions)].filter((action) => action !== ALWAYS && !may(action))
}
