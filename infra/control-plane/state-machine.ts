import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'
import { type Grant, giveGrants } from './grant.ts'

export type CaretakerStateMachineProps = {
  /** The physical name; `<environment>-<id>` when absent. */
  name?: string
  /** The ASL file, from Caretaker's own root. It holds its own timeout. */
  file: string
  /** A value for each `${Placeholder}` of the file. */
  substitutions: Record<string, string>
  /** Everything the machine may do, except logging and tracing. */
  grants: readonly Grant[]
}

/**
 * A state machine from an ASL file, with its own role and log. Executions that fail are told from
 * Step Functions' own events (failures.ts), also those that throttling has kept from their end.
 *
 * @throws Error when placeholders and substitutions do not pair up.
 */
export function caretakerStateMachine(
  scope: Construct,
  id: string,
  props: CaretakerStateMachineProps,
): StateMachine {
  const definition = readFileSync(join(import.meta.dirname, '..', '..', props.file), 'utf8')
  pairUp(props.file, definition, props.substitutions)
  const name = props.name ?? named(scope, id)
  const role = new Role(scope, `${id}-role`, {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  })
  const machine = new StateMachine(scope, id, {
    stateMachineName: name,
    definitionBody: DefinitionBody.fromString(definition),
    definitionSubstitutions: props.substitutions,
    role,
    // Executions are the record of what was done and why: a standard machine's history ends after
    // 90 days, and its log can be searched across executions.
    logs: {
      destination: logGroup(scope, id, name),
      level: LogLevel.ALL,
      includeExecutionData: true,
    },
    tracingEnabled: true,
  })
  giveGrants(machine, props.grants)
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Log delivery (logs:CreateLogDelivery and its like) and X-Ray segments know no resources; AWS documents both with "*".',
  )
  return machine
}

function logGroup(scope: Construct, id: string, name: string): LogGroup {
  return new LogGroup(scope, `${id}-log`, {
    // The prefix keeps the account's log resource policy from outgrowing its 5,120 characters:
    // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
    logGroupName: `/aws/vendedlogs/states/${name}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/** CloudFormation would deploy a forgotten `${Placeholder}` as it stands. */
function pairUp(file: string, definition: string, substitutions: Record<string, string>): void {
  const used = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))
  const given = new Set(Object.keys(substitutions))
  const missing = [...used]
    .filter((name) => !given.has(name))
    .map((name) => `\${${name}} has no substitution`)
  const surplus = [...given]
    .filter((name) => !used.has(name))
    .map((name) => `substitution ${name} is not used`)
  const problems = [...missing, ...surplus]
  if (problems.length > 0) throw new Error(`${file}: ${problems.join('; ')}`)
}
