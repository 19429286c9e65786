import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs'
import { AwsError } from '../errors.ts'

const refuse = (message: string) => new AwsError('ClientException', message)

/**
 * Refuses a task definition that ECS does not take. Words that nobody has recorded are marked so.
 *
 * @throws AwsError ClientException
 */
export function checkDefinition(input: RegisterTaskDefinitionRequest): void {
  const { family = '', containerDefinitions = [], requiresCompatibilities = [] } = input
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw refuse('Invalid family name.')
  if (containerDefinitions.length === 0) throw refuse('Container list cannot be empty.')
  const names = new Set<string>()
  for (const container of containerDefinitions) {
    checkContainer(container, input)
    // The words are not recorded.
    const { name = '' } = container
    if (names.has(name)) throw refuse(`Duplicate container name '${name}'.`)
    names.add(name)
  }
  checkDependencies(containerDefinitions)
  if (!containerDefinitions.some(({ essential = true }) => essential)) {
    throw refuse('At least one container must be marked as essential.')
  }
  if (requiresCompatibilities.includes('FARGATE')) checkFargate(input)
}

function checkContainer(
  container: ContainerDefinition,
  { memory, networkMode, requiresCompatibilities = [] }: RegisterTaskDefinitionRequest,
): void {
  const { name = '', image = '' } = container
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw refuse(`Invalid container name '${name}'.`)
  if (image === '') throw refuse('Container.image should not be null or empty.')
  const limited = container.memory ?? container.memoryReservation ?? memory
  if (limited === undefined && !requiresCompatibilities.includes('FARGATE')) {
    // https://github.com/getmoto/moto/blob/master/tests/test_ecs/test_ecs.py
    throw refuse(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    )
  }
  if (networkMode !== 'awsvpc') return
  for (const { hostPort, containerPort } of container.portMappings ?? []) {
    if (hostPort === undefined || hostPort === 0 || hostPort === containerPort) continue
    // https://github.com/klothoplatform/klotho/issues/892
    throw refuse(
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    )
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
function checkDependencies(containers: readonly ContainerDefinition[]): void {
  for (const { name, dependsOn = [] } of containers) {
    for (const { containerName, condition } of dependsOn) {
      const other = containers.find((one) => one.name === containerName)
      // The words are not recorded.
      if (other === undefined || containerName === name) {
        throw refuse(
          `Container '${name}' depends on '${containerName}', which is no other container.`,
        )
      }
      const ends = condition === 'SUCCESS' || condition === 'COMPLETE'
      if (ends && (other.essential ?? true)) {
        // https://github.com/klothoplatform/klotho/issues/892
        throw refuse(
          'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
        )
      }
      if (condition === 'HEALTHY' && other.healthCheck === undefined) {
        throw refuse(
          `Container '${containerName}' has no health check that '${name}' could wait for.`,
        )
      }
    }
  }
  refuseCircle(containers)
}

function refuseCircle(containers: readonly ContainerDefinition[]): void {
  const open = new Map(
    containers.map(({ name = '', dependsOn = [] }) => [
      name,
      new Set(dependsOn.map(({ containerName = '' }) => containerName)),
    ]),
  )
  for (let free = firstFree(open); free !== undefined; free = firstFree(open)) {
    open.delete(free)
    for (const waits of open.values()) waits.delete(free)
  }
  if (open.size > 0) throw refuse('Container dependencies form a circle.')
}

const firstFree = (open: ReadonlyMap<string, ReadonlySet<string>>): string | undefined =>
  [...open].find(([, waits]) => waits.size === 0)?.[0]

/**
 * MiB of memory that Fargate has for so many CPU units: from, to, in steps of.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
const SIZES: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
}

function checkFargate(input: RegisterTaskDefinitionRequest): void {
  if (input.networkMode !== 'awsvpc') {
    throw refuse('Fargate only supports network mode ‘awsvpc’.')
  }
  if (input.pidMode === 'host') {
    // https://github.com/getmoto/moto/blob/master/tests/test_ecs/test_ecs.py
    throw refuse(
      "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
    )
  }
  if (input.cpu === undefined || input.memory === undefined) {
    throw refuse("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
  }
  const [cpu, memory] = [unitsOf(input.cpu, /v?cpu$/i), unitsOf(input.memory, /GB$/i)]
  if (isFargateSize(cpu, memory)) return
  throw refuse(
    `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`,
  )
}

/** `256`, `.25 vCPU`; `512`, `0.5 GB`. */
const unitsOf = (text: string, unit: RegExp): number =>
  unit.test(text.trim()) ? Number.parseFloat(text) * 1024 : Number(text)

function isFargateSize(cpu: number, memory: number): boolean {
  if (cpu === 256) return [512, 1024, 2048].includes(memory)
  const [from, to, step] = SIZES[cpu] ?? [1, 0, 1]
  return memory >= from && memory <= to && memory % step === 0
}
