import type { Stack } from '../assembly.ts'
import { resourcesOf } from './template.ts'

type State = {
  Type: string
  Next?: string
  Default?: string
  Choices?: { Next: string }[]
  Catch?: { Next: string }[]
  ItemProcessor?: States
  Branches?: States[]
}
type States = { StartAt: string; States: Record<string, State> }

/**
 * Mermaid: every state machine with its states, what follows what (solid) and what follows an error
 * (dotted), from the definitions in the templates.
 */
export function machinesDiagram(stacks: readonly Stack[]): string {
  const machines = resourcesOf(stacks)
    .filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
    .toSorted((a, b) => nameOf(a.properties).localeCompare(nameOf(b.properties)))
  return [
    'flowchart LR',
    ...machines.flatMap(({ properties }, index) => [
      `  subgraph m${index}["${nameOf(properties)}"]`,
      ...drawn(JSON.parse(String(properties.DefinitionString)), `m${index}`, '    '),
      '  end',
    ]),
  ].join('\n')
}

const nameOf = ({ StateMachineName }: Readonly<Record<string, unknown>>): string =>
  String(StateMachineName)

/** States that hold others are boxes around them. */
function drawn({ States: states }: States, machine: string, indent: string): string[] {
  const id = (state: string) => `${machine}_${state}`
  const inner = (name: string, { ItemProcessor, Branches = [] }: State): string[] => {
    const parts = [...(ItemProcessor === undefined ? [] : [ItemProcessor]), ...Branches]
    if (parts.length === 0) return [`${indent}${id(name)}["${name}"]`]
    return [
      `${indent}subgraph ${id(name)}["${name}"]`,
      ...parts.flatMap((part) => drawn(part, machine, `${indent}  `)),
      `${indent}end`,
    ]
  }
  return [
    ...Object.entries(states).flatMap(([name, state]) => inner(name, state)),
    ...Object.entries(states).flatMap(([name, state]) => [
      ...targets(state).map((to) => `${indent}${id(name)} --> ${id(to)}`),
      ...failures(state).map((to) => `${indent}${id(name)} -.-> ${id(to)}`),
    ]),
  ]
}

const targets = ({ Next, Default, Choices = [] }: State): string[] =>
  unique([...Choices.map((choice) => choice.Next), ...[Next, Default].flatMap((to) => to ?? [])])

const failures = ({ Catch = [] }: State): string[] => unique(Catch.map(({ Next }) => Next))

const unique = (names: readonly string[]): string[] => [...new Set(names)]
