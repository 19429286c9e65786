import { unmarshall } from '@aws-sdk/util-dynamodb'
import { kindOf, type SCHEMAS } from '../../domain/table/read.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'

/** Items of Caretaker's table of one kind, as they are. */
export function itemsOfKind(
  { dynamodb, environment }: Simulation,
  kind: keyof typeof SCHEMAS,
): Record<string, unknown>[] {
  const table = dynamodb.tables.find(({ name }) => name === `${environment.name}-caretaker`)
  return (table?.items() ?? [])
    .map((item) => unmarshall(item))
    .filter((one) => kindOf(one) === kind)
}
