import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn'
import type { World } from '../world.ts'
import { StatesError } from './failure.ts'

export type EventDetails = Omit<HistoryEvent, 'id' | 'previousEventId' | 'timestamp' | 'type'>

/** Events an execution may have; the last of them is the one that ends it (service-quotas.html). */
const EVENT_LIMIT = 25_000

const NOT_TRUNCATED = { truncated: false }

/** The events of one execution, in the API's own shape. */
export class History {
  readonly events: HistoryEvent[] = []
  readonly #world: World
  #closed = false

  constructor(world: World) {
    this.#world = world
  }

  /**
   * Appends an event and returns its id.
   *
   * @throws StatesError States.Runtime when the execution has as many events as AWS allows
   */
  append(type: HistoryEventType, previousEventId: number, details: EventDetails = {}): number {
    const id = this.events.length + 1
    if (this.#closed) return id - 1
    const terminal = TERMINAL.has(type)
    if (id >= EVENT_LIMIT && !terminal) {
      throw new StatesError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${EVENT_LIMIT}).`,
      )
    }
    this.events.push({ timestamp: this.#world.date, type, id, previousEventId, ...details })
    this.#closed = terminal
    return id
  }

  /** The event that an event follows. */
  previousOf(id: number): number {
    return this.events[id - 1]?.previousEventId ?? 0
  }

  /** How many states were entered. */
  get statesEntered(): number {
    return this.events.filter((event) => event.type?.endsWith('StateEntered')).length
  }
}

const TERMINAL: ReadonlySet<string> = new Set([
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionTimedOut',
  'ExecutionAborted',
])

/** The same of what came as text, which is kept as it came. */
export const inputText = (input: string) => ({ input, inputDetails: NOT_TRUNCATED })

/** `input` and its details, as every event shows them. */
export function inputOf(value: unknown): { input: string; inputDetails: { truncated: boolean } } {
  return { input: JSON.stringify(value), inputDetails: NOT_TRUNCATED }
}

/** `output` and its details, as every event shows them. */
export function outputOf(value: unknown): {
  output: string
  outputDetails: { truncated: boolean }
} {
  return { output: JSON.stringify(value), outputDetails: NOT_TRUNCATED }
}

/** `error` and `cause`, each only where there is one. */
export function failureOf(failure: { error?: string | undefined; cause?: string | undefined }): {
  error?: string
  cause?: string
} {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  }
}

/** An event as GetExecutionHistory shows it with `includeExecutionData: false`. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const shown: Record<string, unknown> = { ...event }
  for (const [name, details] of Object.entries(shown)) {
    if (!name.endsWith('EventDetails')) continue
    const { input, inputDetails, output, outputDetails, ...rest } = details as Record<
      string,
      unknown
    >
    shown[name] = rest
  }
  return shown as unknown as HistoryEvent
}
