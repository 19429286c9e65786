import type { Service } from '@aws-sdk/client-ecs'
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'
import { serviceOf } from '../../domain/arn.ts'
import { ecsTagsIn, isOfEnvironment, TAGS } from '../../domain/tags.ts'

/** An ECS service that has opted in, with its tags as ECS has them at this moment. */
export type Managed = {
  arn: string
  /** `<cluster>/<service>` */
  id: string
  service: Service
  tags: Record<string, string>
}

/** A cluster that is not there has no services, whatever tagging still lists. */
const GONE = 'ClusterNotFoundException'

/** `DescribeServices` takes ten at a time. */
const DESCRIBED_AT_ONCE = 10

/**
 * Half of ECS's rate for reads of services is for others: 50 in one go, and ten a second.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
export const [IN_ONE_GO, PAUSE_MS] = [40, 100]

/** How they are read, and what happens where that fails. */
export type Reading = {
  /** Told of each cluster that cannot be read; without it the error is thrown. */
  failed?: (cluster: string, error: unknown) => void
  /** By which they opted in: to be rolled out, unless told. */
  tag?: string
  /** For those who may have hundreds to read. */
  pause?: (milliseconds: number) => Promise<void>
}

/**
 * The services of these ARNs that are there and opted in now: a service that opted out a second
 * ago, or belongs to another environment, is left out.
 */
export async function describeManaged(
  ecs: ECSClient,
  arns: readonly string[],
  environment: string,
  { tag = TAGS.repository, ...reading }: Reading = {},
): Promise<Managed[]> {
  const there = await describeThere(ecs, arns, reading)
  return there.filter(({ tags }) => tag in tags && isOfEnvironment(tags, environment))
}

/** The services of these ARNs that are there now, whatever tags they carry. */
export async function describeThere(
  ecs: ECSClient,
  arns: readonly string[],
  { failed, pause }: Omit<Reading, 'tag'> = {},
): Promise<Managed[]> {
  const managed: Managed[] = []
  let calls = 0
  for (const [cluster, members] of Map.groupBy(arns, clusterOf)) {
    for (let start = 0; start < members.length; start += DESCRIBED_AT_ONCE) {
      const services = members.slice(start, start + DESCRIBED_AT_ONCE)
      if (++calls > IN_ONE_GO) await pause?.(PAUSE_MS)
      try {
        managed.push(...(await describe(ecs, cluster, services)))
      } catch (error) {
        if ((error as Error).name === GONE) continue
        if (failed === undefined) throw error
        failed(cluster, error)
      }
    }
  }
  return managed
}

async function describe(ecs: ECSClient, cluster: string, services: string[]): Promise<Managed[]> {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }),
  )
  return (answer.services ?? []).flatMap((service) => managedOf(service) ?? [])
}

/** @returns undefined for one that is being deleted, or is. */
export function managedOf(service: Service): Managed | undefined {
  const { serviceArn: arn, status } = service
  if (status !== 'ACTIVE' || arn === undefined) return undefined
  return { arn, id: serviceOf(arn), service, tags: ecsTagsIn(service.tags) }
}

const clusterOf = (arn: string): string => serviceOf(arn).split('/')[0] ?? ''
