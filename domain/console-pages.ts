/** Paths of the console's pages, to which messages lead too. */
export const HOME = '/'
export const teamPath = (name: string): string => `/teams/${encodeURIComponent(name)}`
export const servicePath = (name: string): string => `/services/${encodeURIComponent(name)}`
export const jobPath = (name: string): string => `/jobs/${encodeURIComponent(name)}`
/** @param arn of an execution, whose name is its last part. */
export const rollOutPath = (arn: string): string =>
  `/roll-outs/${encodeURIComponent(arn.split(':').at(-1) ?? '')}`
