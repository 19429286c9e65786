import type { EnvironmentState, RollOutRecord, ServiceState } from '../../domain/record.ts'
import { ENVIRONMENT, recordKey, STATE, servicePartition } from '../../domain/record.ts'
import type { Key, Table } from '../shared/table.ts'
import type { Cause } from './plan.ts'

/** What Caretaker's table says of one service. */
export type Remembered = {
  state?: ServiceState
  /** The record of the very push that is planned for. */
  recorded?: RollOutRecord
  environment?: EnvironmentState
}

/**
 * Reads, in one go, what the table says of these services: the sweep asks for all there are.
 *
 * @param services `<cluster>/<service>` each.
 * @returns in their order.
 */
export async function remember(
  table: Table,
  services: readonly string[],
  cause: Cause,
): Promise<Remembered[]> {
  const states = services.map((id): Key => ({ pk: servicePartition(id), sk: STATE }))
  const records =
    cause.kind === 'push' ? states.map(({ pk }): Key => ({ pk, sk: recordKey(cause.push) })) : []
  const [environment, ...items] = await table.get([
    { pk: ENVIRONMENT, sk: STATE },
    ...states,
    ...records,
  ])
  return services.map((_, at) => {
    const state = items[at]
    const recorded = items[services.length + at]
    return {
      ...(state === undefined ? {} : { state: state as ServiceState }),
      ...(recorded === undefined ? {} : { recorded: recorded as RollOutRecord }),
      ...(environment === undefined ? {} : { environment: environment as EnvironmentState }),
    }
  })
}
