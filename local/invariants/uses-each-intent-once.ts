import type { Invariant } from './invariant.ts'
import type { Call, Trace } from './trace.ts'

export const usesEachIntentOnce: Invariant = {
  holds: 'A press does what its button is for once, and only when it has used the intent up.',
  number: 14,
  when: 'always',
  violations: (trace) => {
    const presses = trace.requests.filter(({ intent }) => intent !== undefined)
    return [...Map.groupBy(presses, ({ intent }) => intent)].flatMap(([intent = '', all]) => {
      const runs = [...new Set(all.map(({ run }) => run))]
      const acted = runs.filter((run) => made(trace, run).some(isAct))
      const used = runs.filter((run) => made(trace, run).some((call) => uses(call, intent)))
      return [
        ...acted
          .filter((run) => !used.includes(run))
          .map((run) => `${run} acted without using ${intent}`),
        ...(acted.length > 1 ? [`${acted.length} presses acted for ${intent}`] : []),
        ...(used.length > 1 ? [`${used.length} presses used ${intent}`] : []),
      ]
    })
  },
}

/** The calls of an invocation that succeeded; another attempt of Lambda's has the same id. */
const made = ({ calls }: Trace, run: string): Call[] =>
  calls.filter((call) => call.run === run && call.outcome === 'ok')

/** What acts do: they start a machine, or write what holds and its receipt together. */
const isAct = ({ operation }: Call): boolean =>
  operation === 'StartExecution' || operation === 'TransactWriteItems'

const uses = ({ operation, input }: Call, intent: string): boolean => {
  const { pk } = (input.Key ?? {}) as { pk?: { S?: string } }
  return operation === 'UpdateItem' && pk?.S === `intent#${intent}`
}
