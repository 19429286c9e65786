import { Duration } from 'aws-cdk-lib'
import {
  type ContainerDefinition,
  ContainerDependencyCondition,
  type Secret as EcsSecret,
  type FargateTaskDefinition,
  FirelensLogRouterType,
  LogDriver,
  type PortMapping,
  Protocol,
} from 'aws-cdk-lib/aws-ecs'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import { rhythm } from '../../../catalog/health.ts'
import { mountsOf } from '../../../catalog/mounts.ts'
import type { Service } from '../../../catalog/schema.ts'
import { ForeignImage } from './foreign-image.ts'
import type { ContainerProps } from './supply.ts'

export type SidecarsProps = {
  service: Service
  logGroup: LogGroup
  definition: FargateTaskDefinition
  /** The service's own container. */
  main: ContainerDefinition
  /** What that one is made of: a sidecar with the same image finds the same. */
  own: ContainerProps
}

type Sidecar = Service['sidecars'][string]

const CONDITIONS = {
  started: ContainerDependencyCondition.START,
  healthy: ContainerDependencyCondition.HEALTHY,
  done: ContainerDependencyCondition.SUCCESS,
}

/**
 * `sidecars`: containers beside the service's own. What is to be done before it begins is done in
 * the order of the file, each after the one before.
 */
export function addSidecars(props: SidecarsProps): void {
  const { service, main } = props
  let done: ContainerDefinition | undefined
  for (const [name, sidecar] of Object.entries(service.sidecars)) {
    const container = addSidecar(props, name, sidecar)
    const { before, after } = sidecar
    for (const { name: volume, path, readOnly } of mountsOf(sidecar)) {
      container.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly })
    }
    if (after !== undefined) {
      container.addContainerDependencies({ container: main, condition: CONDITIONS[after] })
    }
    if (before === undefined) continue
    main.addContainerDependencies({ container, condition: CONDITIONS[before] })
    if (before !== 'done') continue
    if (done !== undefined) {
      container.addContainerDependencies({ container: done, condition: CONDITIONS.done })
    }
    done = container
  }
}

function addSidecar(props: SidecarsProps, name: string, sidecar: Sidecar): ContainerDefinition {
  const { definition, logGroup } = props
  const { command, entryPoint, port, memory, before } = sidecar
  const isRouter = name === props.service.logs?.router
  const made = {
    containerName: name,
    ...contentOf(props, sidecar),
    essential: sidecar.essential ?? before !== 'done',
    ...(command && { command }),
    ...(entryPoint && { entryPoint }),
    ...(memory !== undefined && { memoryLimitMiB: memory }),
    portMappings: portsOf(props.service, name, port),
    ...checkOf(sidecar),
    logging: LogDriver.awsLogs({ streamPrefix: name, logGroup }),
  }
  if (!isRouter) return definition.addContainer(name, made)
  const router = definition.addFirelensLogRouter(name, {
    ...made,
    firelensConfig: { type: FirelensLogRouterType.FLUENTBIT },
  })
  // Lines that are written before it runs would be lost.
  props.main.addContainerDependencies({
    container: router,
    condition: ContainerDependencyCondition.START,
  })
  return router
}

/** Where it listens: its port, and those to which the network load balancer leads. */
function portsOf({ nlb = [] }: Service, name: string, port: number | undefined): PortMapping[] {
  const further = nlb.flatMap(({ container, to = port, protocol }): PortMapping[] => {
    const isUdp = protocol === 'udp'
    if (container !== name || to === undefined || (!isUdp && to === port)) return []
    return [{ containerPort: to, ...(isUdp && { protocol: Protocol.UDP }) }]
  })
  return [...(port === undefined ? [] : [{ containerPort: port }]), ...further]
}

/** The service's own image with all that it finds, or another with what is written for it. */
function contentOf({ own }: SidecarsProps, sidecar: Sidecar) {
  const { image, pullSecret, environment, secrets } = sidecar
  if (image === undefined) {
    return { ...own, environment: { ...own.environment, ...environment } }
  }
  const given = secrets.flatMap((name): [string, EcsSecret][] => {
    const secret = own.secrets[name]
    return secret === undefined ? [] : [[name, secret]]
  })
  return {
    image: new ForeignImage({ image, pullSecret }),
    environment,
    secrets: Object.fromEntries(given),
  }
}

/** The same rhythm as the service's own check, and a minute to begin. */
function checkOf({ healthCommand }: Sidecar) {
  if (healthCommand === undefined) return {}
  const { interval, timeout } = rhythm({})
  return {
    healthCheck: {
      command: ['CMD-SHELL', healthCommand],
      interval: Duration.seconds(interval),
      timeout: Duration.seconds(timeout),
      retries: 3,
      startPeriod: Duration.seconds(60),
    },
  }
}
