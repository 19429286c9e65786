import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { acknowledge } from './nag.ts'

export type LoggedMachineProps = {
  /** The physical name. */
  name: string
  /** The ASL, as JSON. It holds its own timeout. */
  definition: string
  substitutions?: Record<string, string>
}

/** A state machine with a role of its own, a log of every execution, and tracing. */
export function loggedMachine(
  scope: Construct,
  id: string,
  { name, definition, substitutions }: LoggedMachineProps,
): StateMachine {
  const role = new Role(scope, `${id}-role`, {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  })
  const machine = new StateMachine(scope, id, {
    stateMachineName: name,
    definitionBody: DefinitionBody.fromString(definition),
    ...(substitutions && { definitionSubstitutions: substitutions }),
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
