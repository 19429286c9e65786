import * as z from 'zod'

/** What a volume is called, and a container. */
export const MOUNT_NAME = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .describe('lower-case letters, digits and hyphens, a letter first')

export const MOUNT_PATH = z
  .string()
  .regex(/^(\/[A-Za-z0-9._-]+)+$/)
  .describe('where it is mounted, such as /data')

const readOnly = z
  .boolean()
  .default(false)
  .describe('true or false: whether it is mounted to be read alone')

/** Where a directory of the service is mounted in its own container. */
const mount = z.union([
  MOUNT_PATH,
  z.strictObject({
    path: MOUNT_PATH,
    on: z
      .enum(['disk', 'files'])
      .optional()
      .describe(
        'disk, the task’s own, which ends with it, or files, the file system, which keeps it (disk when absent, files with of)',
      ),
    of: z
      .string()
      .optional()
      .describe('another service, whose directory of the same name on files it is'),
    readOnly,
  }),
])

export const mounts = z
  .record(
    MOUNT_NAME,
    mount.describe('where it is mounted, such as /data, or path, on, of, readOnly'),
  )
  .default({})
  .describe(
    'directories by name: on the task’s own disk, which its containers share and which end with it, or on the file system, which keeps them',
  )

/** Where a directory of the service is mounted in a sidecar. */
export const sidecarMounts = z
  .record(
    MOUNT_NAME,
    z
      .union([MOUNT_PATH, z.strictObject({ path: MOUNT_PATH, readOnly })])
      .describe('where it is mounted, such as /data, or path and readOnly'),
  )
  .default({})
  .describe('files, or one of the service’s mounts, each with where it is mounted here')
