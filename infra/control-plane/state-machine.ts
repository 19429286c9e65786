import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { named } from '../names.ts'
import { loggedMachine } from '../state-machine.ts'
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
  const { substitutions } = props
  const machine = loggedMachine(scope, id, { name, definition, substitutions })
  giveGrants(machine, props.grants)
  return machine
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
