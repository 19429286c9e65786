import type { LeftRow } from '../table.ts'

const left = (because: string, remedy: string, ...keys: string[]): LeftRow[] =>
  keys.map((key) => ({ key, because, remedy }))

/** Keys of a manifest that no service of the catalog has, each with why and what to do. */
export const REASONS: readonly LeftRow[] = [
  ...left(
    'what is built, and with what, is said where images are built',
    'write it into the pipeline or the workflow that builds (docs/pipelines.md)',
    ...['image.build.args', 'image.build.target', 'image.build.cache_from'],
  ),
  ...left(
    'it is the secret of a registry that is not ECR',
    'push the image to the repository of the service',
    ...['image.credentials'],
  ),
  ...left('no field of the catalog has it', 'set it in the Dockerfile', 'image.labels'),
  ...left(
    'a service is also in the group of its cluster',
    'nothing, as a rule',
    'network.vpc.security_groups.deny_default',
  ),
  ...left(
    'a topic is not a service’s here',
    'make it in AWS, and give the right: `may: [{ topics: [<name>], access: write }]`; Copilot’s own topic goes with its stack',
    'publish',
  ),
  ...left(
    'a queue is not a service’s here',
    'make it in AWS, with its subscription, write its URL into `environment` (the code reads COPILOT_QUEUE_URI), and give the right: `may: [{ queues: [<name>] }]`',
    'subscribe',
  ),
  ...left(
    'a deployment is undone when tasks fail, and Caretaker’s own alarms watch it',
    'see `deployment` and `alarms` in docs/catalog.md',
    'deployment.rollback_alarms',
  ),
  ...left(
    'logs go to CloudWatch, a group for each service',
    'run the router as a sidecar, if logs have to go elsewhere',
    ...['logging.image', 'logging.destination', 'logging.enableMetadata', 'logging.variables'],
    ...['logging.secretOptions', 'logging.configFilePath', 'logging.secrets', 'logging.env_file'],
  ),
  ...left(
    'no field of the catalog changes the task definition by path',
    'write what it sets with the key that is for it (docs/catalog.md)',
    'taskdef_overrides',
  ),
]
