/**
 * Everything a function gets from where it runs: on AWS the process, on the laptop the simulation.
 * Time, ids and the network come from here and from nowhere else.
 */
export type Platform = {
  /** Environment variables. */
  environment: Record<string, string | undefined>
  /** The present instant. */
  now(): Date
  /** A new unique id. */
  newId(): string
  /** Lets time pass, in milliseconds: only for a rate that is not to be passed. */
  pause(milliseconds: number): Promise<void>
  /** HTTP to the world outside AWS (Slack, image layers). */
  fetch: typeof fetch
  /** The directory of the function's own files: `index.mjs`, and `catalog.json` where it needs it. */
  taskRoot: string
  /** Configuration of every AWS SDK client. */
  aws: ClientConfiguration
  /** Makes such a client where it can be had for less than the SDK's own way. */
  client?<Client>(kind: new (configuration: ClientConfiguration) => Client): Client
  /** Where a line of log goes; the process's standard output when absent. */
  writeLog?(line: string): void
}

/** The part of an SDK client's configuration that depends on where it runs. */
export type ClientConfiguration = {
  region?: string
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  requestHandler?: object
  maxAttempts?: number
}
