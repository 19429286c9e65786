import { type LeftRow, left } from '../table.ts'

/** Keys of a manifest that no service of the catalog has, each with why and what to do. */
export const REASONS: readonly LeftRow[] = [
  ...left(
    'what is built, and with what, is said where images are built',
    'write it into the pipeline or the workflow that builds (docs/pipelines.md)',
    ...['image.build.args', 'image.build.target', 'image.build.cache_from'],
  ),
  ...left('no field of the catalog has it', 'set it in the Dockerfile', 'image.labels'),
  ...left(
    'a service is also in the group of its cluster',
    'nothing, as a rule',
    'network.vpc.security_groups.deny_default',
  ),
  ...left(
    'a deployment is undone when tasks fail, and Caretaker’s own alarms watch it',
    'see `deployment` and `alarms` in docs/catalog.md',
    'deployment.rollback_alarms',
  ),
]
