import type { FunctionCode } from '@aws-sdk/client-lambda'
import type { Context } from 'aws-lambda'
import type { Caller } from '../aws.ts'

/** Where the simulation gets from what is not part of Lambda. */
export type Runtime = {
  /** Configuration of the SDK clients of a caller; its requests end in the simulation. */
  sdk(caller: Caller): SdkConfiguration
  /** Makes an SDK client with such a configuration; absent: as the SDK makes it. */
  client?: MakeClient
  /** HTTP to the simulated world outside AWS. */
  fetch: typeof fetch
  /** What runs in place of a function's code, which is then not looked at. */
  standIn?(functionName: string): PortableHandler | undefined
  /** The directory an uploaded bundle lies in, unpacked. */
  code(location: CodeLocation): Promise<string>
  /** By the SHA-256 of a bundle, a module to load in its place: the same code, loaded for less. */
  shared?(sha256: string): string | undefined
}

export type CodeLocation = Pick<FunctionCode, 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ZipFile'>

export type SdkConfiguration = { requestHandler: object; [option: string]: unknown }

type MakeClient = <Client>(
  kind: new (configuration: never) => Client,
  configuration: SdkConfiguration,
) => Client

/** What a bundle's handler is bound to, see functions/shared/platform.ts. */
type Platform = {
  environment: Record<string, string | undefined>
  now(): Date
  newId(): string
  pause(milliseconds: number): Promise<void>
  fetch: typeof fetch
  /** Where the bundle lies, unpacked. */
  taskRoot: string
  aws: SdkConfiguration
  client?<Client>(kind: new (configuration: never) => Client): Client
  writeLog(line: string): void
}

export type Handler = (event: unknown, context: Context) => Promise<unknown>

/** What a bundle exports, see functions/shared/handler.ts. */
export type PortableHandler = { on(platform: Platform): Handler }

/** A call a function makes to AWS (`PutItem`) or by HTTP (`POST slack.com`). */
export type FunctionCall = {
  function: string
  requestId: string
  /** Counted from 1 in each invocation. */
  n: number
  operation: string
  /** Not made yet, or made and answered, but the function has not seen the answer. */
  when: 'before' | 'after'
}
