import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { Rule } from 'aws-cdk-lib/aws-events'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Schedule } from 'aws-cdk-lib/aws-scheduler'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { compileCatalog } from '../../catalog/compile.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { named } from '../names.ts'
import { type Arns, arnsIn } from './arns.ts'
import { type CaretakerRuleProps, caretakerRule } from './event-rule.ts'
import { type CaretakerFunctionProps, caretakerFunction } from './function.ts'
import { type CaretakerScheduleProps, caretakerSchedule } from './schedule.ts'
import { type CaretakerStateMachineProps, caretakerStateMachine } from './state-machine.ts'

/** What every feature of the control plane is given. */
export type FeatureProps = {
  catalog: Catalog
  table: ITable
  /** Where everything goes that could not be handed on. */
  deadLetters: IQueue
}

/**
 * A feature of the control plane: what it is made of, each part with what every part of its kind
 * has (a role of its own, a log, alarms with runbooks, a bounded retry, the dead-letter queue).
 * `docs/adding-a-feature.md` goes through one.
 */
export class Feature extends Construct {
  readonly #props: FeatureProps

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id)
    this.#props = props
  }

  get table(): ITable {
    return this.#props.table
  }

  get deadLetters(): IQueue {
    return this.#props.deadLetters
  }

  /** Names of the account's resources for grants. */
  get arns(): Arns {
    return arnsIn(this)
  }

  /** The function `functions/<id>`. */
  addFunction(id: string, props: Omit<CaretakerFunctionProps, 'catalog'>): LambdaFunction {
    return caretakerFunction(this, id, props)
  }

  /** The function `functions/<id>`, which reads the catalog. */
  addFunctionWithCatalog(
    id: string,
    props: Omit<CaretakerFunctionProps, 'catalog'>,
  ): LambdaFunction {
    const catalog = compileCatalog(this.#props.catalog)
    return caretakerFunction(this, id, { ...props, catalog })
  }

  /** The machine `statemachines/<id>.asl.json`, called `<environment>-<id>`. */
  addMachine(id: string, props: Omit<CaretakerStateMachineProps, 'file' | 'name'>): StateMachine {
    const file = `statemachines/${id}.asl.json`
    return caretakerStateMachine(this, id, { ...props, file })
  }

  /** The ARN that the machine `id` will have, for what the machine itself is made of. */
  machineArn(id: string): string {
    return this.arns.machine(named(this, id))
  }

  /** A rule on the default bus: one event of `events/`, handed to one function. */
  addRule(id: string, props: Omit<CaretakerRuleProps, 'deadLetters'>): Rule {
    return caretakerRule(this, id, { ...props, deadLetters: this.deadLetters })
  }

  /** A schedule that invokes a function. */
  addSchedule(id: string, props: Omit<CaretakerScheduleProps, 'deadLetters'>): Schedule {
    return caretakerSchedule(this, id, { ...props, deadLetters: this.deadLetters })
  }
}
