import * as z from 'zod'
import { IMAGE_DIGEST, pullSecret, variables, words } from './container-schema.ts'
import { MOUNT_NAME, sidecarMounts } from './mount-schema.ts'
import { VARIABLE_NAME } from './words.ts'

/**
 * A container beside the service's own, in the same task: they share one network (`localhost`), and
 * start and end together.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const sidecar = z.strictObject({
  image: IMAGE_DIGEST.optional().describe(
    'an image by its digest, such as public.ecr.aws/nginx/nginx@sha256:… (the service’s own image, with all it finds, when absent)',
  ),
  pullSecret,
  command: words.optional().describe('a list of words in place of the image’s CMD'),
  entryPoint: words.optional().describe('a list of words in place of the image’s ENTRYPOINT'),
  environment: variables.default({}).describe('variables by name'),
  secrets: z
    .array(VARIABLE_NAME)
    .default([])
    .describe('a list of the service’s secrets that it is given too'),
  port: z.int().min(1).max(65_535).optional().describe('1 to 65535: where it listens'),
  healthCommand: z
    .string()
    .min(1)
    .optional()
    .describe('a shell command inside the container that exits 0 when it is healthy'),
  before: z
    .enum(['started', 'healthy', 'done'])
    .optional()
    .describe(
      'started, healthy or done: the service’s container waits until this one is so; done is for what runs once and ends with 0',
    ),
  after: z
    .enum(['started', 'healthy'])
    .optional()
    .describe('started or healthy: this one waits until the service’s container is so'),
  essential: z
    .boolean()
    .optional()
    .describe('true or false: whether the whole task ends with it (true when absent)'),
  memory: z
    .int()
    .min(6)
    .max(122_880)
    .optional()
    .describe('MiB of the task’s that it may use, 6 or more (as much as is free when absent)'),
  mounts: sidecarMounts,
})

export type WrittenSidecar = z.infer<typeof sidecar>

/** Sidecars by their container's name. */
export const sidecars = z
  .record(MOUNT_NAME, sidecar)
  .describe('containers beside the service’s own, by name')
