import type { DescribeInstanceStatusRequest, InstanceStatus } from '@aws-sdk/client-ec2'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, type StoredInstance } from './model.ts'

const FILTERS: Filters<InstanceStatus> = {
  'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
  'instance-state-name': ({ InstanceState }) => InstanceState?.Name,
  'instance-status.status': (of) => of.InstanceStatus?.Status,
  'system-status.status': ({ SystemStatus }) => SystemStatus?.Status,
}

/**
 * The status checks of instances: of those that run, unless all are asked for.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export function statusOperations(store: Ec2Store) {
  return {
    DescribeInstanceStatus: (input: DescribeInstanceStatusRequest) => {
      const members = ['InstanceIds', 'IncludeAllInstances', 'Filters', 'MaxResults', 'NextToken']
      onlyMembers('ec2:DescribeInstanceStatus', input, members)
      const { InstanceIds: ids, Filters: filters, NextToken: token, MaxResults: limit } = input
      const shown = new Map(
        [...store.instances]
          .filter(([id, { shape }]) => {
            const named = ids?.includes(id) === true
            return named || input.IncludeAllInstances || shape.State?.Name === 'running'
          })
          .map(([id, machine]) => [
            id,
            { ...machine, shape: statusOf(machine, store.aws.world.now) },
          ]),
      )
      const { items, next } = find(shown, { ids, filters, token, limit }, FILTERS, (id) =>
        notFound('InstanceID', 'instance ID', id),
      )
      const wanted = items.filter(
        ({ InstanceState }) => input.IncludeAllInstances || InstanceState?.Name === 'running',
      )
      return {
        InstanceStatuses: wanted.map(
          ({ Tags: _, ...status }: InstanceStatus & { Tags?: unknown }) => status,
        ),
        ...(next === undefined ? {} : { NextToken: next }),
      }
    },
  }
}

function statusOf({ id, shape, checkedFrom = 0 }: StoredInstance, now: number): InstanceStatus {
  const isRunning = shape.State?.Name === 'running'
  const check = !isRunning
    ? ({ Status: 'not-applicable' } as const)
    : now < checkedFrom
      ? ({
          Status: 'initializing',
          Details: [{ Name: 'reachability', Status: 'initializing' }],
        } as const)
      : ({ Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] } as const)
  const summary = () => ({
    ...check,
    ...('Details' in check ? { Details: [...check.Details] } : {}),
  })
  return {
    InstanceId: id,
    AvailabilityZone: shape.Placement?.AvailabilityZone,
    InstanceState: shape.State,
    InstanceStatus: summary() as InstanceStatus['InstanceStatus'],
    SystemStatus: summary() as InstanceStatus['SystemStatus'],
  }
}
