import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { TAGS } from '../../domain/tags.ts'
import { pattern as circuitAlarmRaised } from '../../events/circuit-alarm-raised.ts'
import { environmentOf, named } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'
import { OPTED_IN } from './roll-out-grants.ts'

/** Why a service in Cloud Map and its namespace are read. */
const FOUND_BY =
  'Reads only: by which names callers find a service, which may be any that opted in.'

/**
 * Health: while an alarm of a service is red that asks for it (`circuit: true`), callers do not find
 * its failing instances in Cloud Map, and what they find says so (docs/circuit.md).
 */
export class Health extends Feature {
  readonly machine: StateMachine

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const move = this.#mover()
    this.machine = this.addMachine('health', {
      substitutions: { MoveCircuit: move.functionArn },
      grants: [grant(['lambda:InvokeFunction'], [move.functionArn], 'Its one function.')],
    })
    this.addRule('circuit-alarm-raised', {
      description: 'An alarm that opens circuits turned red: look at its service',
      pattern: circuitAlarmRaised,
      target: this.#starter(),
    })
  }

  #mover(): LambdaFunction {
    const { arns, table } = this
    return this.addFunctionWithCatalog('move-circuit', {
      description:
        'Takes failing instances of a service out of what callers find, or gives them back',
      environment: { TABLE_NAME: table.tableName },
      timeoutSeconds: 50,
      grants: [
        grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
        grant(['ecs:DescribeTasks'], [arns.tasks], OPTED_IN),
        grant(
          [
            'ecs:ListTasks',
            'elasticloadbalancing:DescribeTargetHealth',
            'servicediscovery:DiscoverInstances',
            'cloudwatch:DescribeAlarms',
          ],
          ['*'],
          'ecs:ListTasks by service, the health of targets, DiscoverInstances and the state of alarms know no resources here; all only read.',
        ),
        grant(['servicediscovery:GetService'], [arns.discoveryServices], FOUND_BY),
        grant(['servicediscovery:GetNamespace'], [arns.namespaces], FOUND_BY),
        grant(
          [
            'servicediscovery:UpdateInstanceCustomHealthStatus',
            'servicediscovery:UpdateServiceAttributes',
          ],
          [arns.discoveryServices],
          'A condition limits it to services that carry the tag of this environment: no tag, no touch.',
          { StringEquals: { [`aws:ResourceTag/${TAGS.environment}`]: environmentOf(this) } },
        ),
        grant(
          ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [table.tableArn],
          'Keeps the circuit, and says in the thread of its alarm what became of it.',
        ),
        grant(
          ['states:DescribeExecution'],
          [arns.executions(named(this, 'health'))],
          'Whether the execution that keeps a circuit still runs.',
        ),
      ],
    })
  }

  #starter(): LambdaFunction {
    return this.addFunctionWithCatalog('start-circuit', {
      description: 'Starts the machine that keeps the circuit of a service whose alarm turned red',
      environment: { HEALTH_MACHINE: this.machine.stateMachineArn },
      timeoutSeconds: 30,
      grants: [
        grant(['tag:GetResources'], ['*'], 'tag:GetResources knows no resources; it only reads.'),
        grant(['states:StartExecution'], [this.machine.stateMachineArn], 'Starts the machine.'),
      ],
    })
  }
}
