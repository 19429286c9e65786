import { type LeftRow, left } from '../table.ts'

/**
 * Keys of a Compose service that no service of the catalog has, each with why and what to do. Which
 * of them Fargate does not have:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const NOTHING = 'nothing: leave it out'

const NO_PRIVILEGES = 'Fargate gives a container no rights on the machine below it'

export const REASONS: readonly LeftRow[] = [
  ...left(
    'every task finds the others by the name of their service',
    'nothing, if nobody calls it by this name; else write `<service>.<namespace>` there',
    ...['container_name', 'hostname', 'domainname', 'external_links'],
  ),
  ...left(
    'every service of an environment reaches every other; only data stores are apart (docs/endpoints.md)',
    NOTHING,
    'networks',
  ),
  ...left(
    'a task has a network of its own',
    'let the two be one service: one as a sidecar of the other (`sidecars`)',
    'network_mode',
  ),
  ...left(
    `${NO_PRIVILEGES}, and it would not run as written`,
    'let it do without, or run it on an EC2 instance with tags of Caretaker',
    ...['privileged', 'devices', 'device_cgroup_rules', 'gpus', 'runtime', 'use_api_socket'],
  ),
  ...left(
    NO_PRIVILEGES,
    'nothing, if the application runs without',
    ...['cap_add', 'cap_drop', 'security_opt', 'cgroup', 'cgroup_parent', 'group_add', 'ipc'],
    ...['pid', 'userns_mode', 'uts', 'isolation', 'credential_spec', 'storage_opt', 'sysctls'],
  ),
  ...left(
    'Fargate sets it, and takes no other value',
    NOTHING,
    ...['shm_size', 'memswap_limit', 'mem_swappiness', 'oom_kill_disable', 'oom_score_adj'],
    ...['pids_limit', 'blkio_config', 'cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota'],
    ...['cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'cpuset', 'mac_address'],
  ),
  ...left(
    'tasks ask the name servers of the VPC',
    'put what must be found into a private hosted zone of Route 53',
    ...['dns', 'dns_opt', 'dns_search', 'extra_hosts'],
  ),
  ...left(
    'no field of the catalog has it',
    'set it in the Dockerfile',
    ...['stop_signal', 'label_file'],
  ),
  ...left(
    'it is for programs that read labels of Docker; none runs here',
    'what it says of paths and hosts is `route` in the file',
    ...['labels', 'annotations'],
  ),
  ...left(
    'nobody is at a terminal of a task',
    '`npx caretaker exec <service>` opens a shell in it',
    ...['tty', 'stdin_open', 'attach'],
  ),
  ...left(
    'it is for work on your own machine',
    'nothing: go on using it there',
    ...['develop', 'pull_policy', 'pull_refresh_after', 'post_start', 'pre_stop'],
  ),
  ...left(
    'it runs before each container, on the machine',
    'write it as `preDeploy`, or as a sidecar with `before: done`',
    'pre_start',
  ),
  ...left(
    'no file is put into a container here',
    'put it into the image (COPY in the Dockerfile), or its values into variables',
    'configs',
  ),
  ...left(
    'another program provides it on your machine',
    'make it in AWS, and put its address into a variable',
    ...['provider', 'models'],
  ),
  ...left(
    'two services share no volume here',
    'let them be one service with a sidecar, or share through a bucket',
    'volumes_from',
  ),
  ...left(
    'Swarm places tasks by it; Fargate has no machines to choose from',
    NOTHING,
    ...['deploy.placement', 'deploy.mode', 'deploy.endpoint_mode', 'deploy.labels'],
    ...['deploy.resources.reservations.devices', 'deploy.resources.reservations.generic_resources'],
    'deploy.resources.limits.pids',
  ),
  ...left(
    'how a deployment goes on is ECS’s to decide, and a failure is always rolled back',
    'see `deployment` in docs/catalog.md',
    ...['deploy.update_config.parallelism', 'deploy.update_config.delay'],
    ...['deploy.update_config.failure_action', 'deploy.update_config.monitor'],
    ...['deploy.update_config.max_failure_ratio', 'deploy.rollback_config'],
  ),
  ...left(
    'what is built, and with what, is said where images are built',
    'write it into the pipeline or the workflow that builds (docs/pipelines.md)',
    ...['build.args', 'build.target', 'build.cache_from', 'build.cache_to', 'build.no_cache'],
    ...['build.ssh', 'build.secrets', 'build.additional_contexts', 'build.extra_hosts'],
    ...['build.network', 'build.shm_size', 'build.labels', 'build.tags', 'build.pull'],
    ...['build.entitlements', 'build.isolation', 'build.privileged', 'build.ulimits'],
    ...['build.dockerfile_inline', 'build.provenance', 'build.sbom', 'build.no_cache_filter'],
  ),
]
