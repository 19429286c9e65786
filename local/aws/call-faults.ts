import type { Aws, Caller, Guard, Operations } from './aws.ts'
import { AwsError } from './errors.ts'
import type { Faults } from './faults.ts'
import { isRead } from './reads.ts'

type Input = Readonly<Record<string, unknown>>

/** How a service says that the failure is its own, where that is not `InternalFailure`. */
const OWN_FAILURE: Readonly<Record<string, string>> = {
  dynamodb: 'InternalServerError',
  ec2: 'InternalError',
  ecr: 'ServerException',
  ecs: 'ServerException',
  lambda: 'ServiceException',
}

/**
 * Reads that AWS may answer a page at a time, and the member that says how long a page is at the
 * most. A query with a limit wants no more than that.
 */
const PAGED: readonly [service: string, operation: string, length: string][] = [
  ['ecs', 'ListServices', 'maxResults'],
  ['ecs', 'ListTasks', 'maxResults'],
  ['resource-groups-tagging-api', 'GetResources', 'ResourcesPerPage'],
]

/**
 * Lets calls of functions and machines go wrong as often as `faults` says: refused because AWS is
 * busy or a service is down, done without an answer, failed reads, and answers in part.
 */
export function disturbCalls(aws: Aws, faults: Faults): void {
  aws.guards.push((call) => {
    if (isOfCaretaker(call.caller)) refuse(faults, call, aws.world.now)
  })
  aws.losers.push(({ operation, service, caller }) => {
    if (!isOfCaretaker(caller) || isRead(operation) || !faults.happens('unanswered')) return
    throw failure(service, 'The answer was lost on its way.')
  })
  for (const [id, name, length] of PAGED) {
    answerInPart(aws, id, name, (input) =>
      faults.happens('partial') ? { ...input, [length]: 1 } : input,
    )
  }
  answerInPart(aws, 'dynamodb', 'Query', (input) =>
    input.Limit === undefined && faults.happens('partial') ? { ...input, Limit: 1 } : input,
  )
  leaveKeysOut(aws, faults)
}

const isOfCaretaker = ({ kind }: Caller): boolean => kind === 'function' || kind === 'machine'

function refuse(faults: Faults, { service, operation }: Parameters<Guard>[0], now: number): void {
  if (faults.isDown(service, now)) throw failure(service, 'The service is not available.')
  if (faults.happens('busy')) {
    throw service === 'ec2'
      ? new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { statusCode: 503 })
      : new AwsError('ThrottlingException', 'Rate exceeded')
  }
  if (isRead(operation) && faults.happens('unread')) {
    throw failure(service, 'An internal error has occurred.')
  }
}

const failure = (service: string, message: string): AwsError =>
  new AwsError(OWN_FAILURE[service] ?? 'InternalFailure', message, { statusCode: 500 })

function answerInPart(aws: Aws, id: string, name: string, asked: (input: Input) => Input): void {
  replace(aws, id, name, (answer, input, caller) =>
    answer(isOfCaretaker(caller) ? asked(input) : input, caller),
  )
}

/**
 * "If a partial result is returned, the operation returns a value for UnprocessedKeys."
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
function leaveKeysOut(aws: Aws, faults: Faults): void {
  replace(aws, 'dynamodb', 'BatchGetItem', (answer, input, caller) => {
    if (!isOfCaretaker(caller) || !faults.happens('partial')) return answer(input, caller)
    const tables = Object.entries(input.RequestItems as Record<string, { Keys?: unknown[] }>)
    const part = (from: number, to?: number) =>
      Object.fromEntries(
        tables
          .map(
            ([table, one]) => [table, { ...one, Keys: (one.Keys ?? []).slice(from, to) }] as const,
          )
          .filter(([, { Keys }]) => Keys.length > 0),
      )
    const count = Math.max(...tables.map(([, { Keys = [] }]) => Keys.length))
    const kept = faults.some(count)
    const answered = part(0, kept)
    const found =
      Object.keys(answered).length === 0
        ? { Responses: {} }
        : (answer({ ...input, RequestItems: answered }, caller) as object)
    return { ...found, UnprocessedKeys: part(kept) }
  })
}

type Answer = (input: Input, caller: Caller) => unknown

function replace(
  aws: Aws,
  id: string,
  name: string,
  by: (answer: Answer, input: Input, caller: Caller) => unknown,
): void {
  const operations = aws.services.find((service) => service.id === id)?.operations as
    | Operations
    | undefined
  const answer = operations?.[name] as Answer | undefined
  if (operations === undefined || answer === undefined) return
  operations[name] = (input: never, caller: Caller) => by(answer, input, caller)
}
