import type { Caller } from '../../aws/aws.ts'
import type { Ecr } from '../../aws/ecr/ecr.ts'

/** A request of the distribution API, whose body has not come yet. */
export type RegistryRequest = {
  method: string
  /** Still percent-encoded, without the query. */
  path: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
}

/** What the answers are made with. */
export type Desk = {
  ecr: Ecr
  caller: Caller
  request: RegistryRequest
  /** Makes a call of ECR's API as the caller, who needs the right to. */
  call<Output>(operation: string, input: object): Promise<Output>
  /** Does a piece of work between two moments of the world. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

/** The first value of a query's parameter. */
export const parameter = ({ request }: Desk, name: string): string | undefined =>
  request.query[name]?.[0]

/** `sha256` is the one that ECR knows. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/
