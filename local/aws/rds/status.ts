/**
 * What an instance is at the moment, and whether clients reach it.
 *
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 * - https://github.com/base2Services/cfn-start-stop-stack/issues/25: in use while `backing-up`
 */
const STATUSES = {
  available: true,
  'backing-up': true,
  'configuring-enhanced-monitoring': true,
  creating: false,
  deleting: false,
  'inaccessible-encryption-credentials': false,
  'inaccessible-encryption-credentials-recoverable': false,
  maintenance: false,
  modifying: true,
  rebooting: false,
  starting: false,
  stopped: false,
  stopping: false,
  'storage-full': false,
  /** "The DB instance is fully operational." */
  'storage-optimization': true,
  upgrading: false,
} as const satisfies Record<string, boolean>

export type Status = keyof typeof STATUSES

export function takesConnections(status: string | undefined): boolean {
  return STATUSES[status as Status] ?? false
}
