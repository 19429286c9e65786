import type { DescribeInstanceTypesRequest, InstanceTypeInfo } from '@aws-sdk/client-ec2'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'

/**
 * Of each type whether it has an instance store, by its name: a `d` after the generation says so, and
 * so do the families that are made for storage.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
const WITH_STORE = /^([a-z]+[0-9]+[a-z-]*d[a-z-]*|(i|is|im|d|h)[0-9]+[a-z-]*)\./

export const typeOperations = {
  DescribeInstanceTypes: (input: DescribeInstanceTypesRequest) => {
    onlyMembers('ec2:DescribeInstanceTypes', input, ['Filters', 'InstanceTypes'])
    const { InstanceTypes: names, Filters = [] } = input
    if (names === undefined) throw new NotImplemented('DescribeInstanceTypes of all there are')
    const wanted = Filters.map(({ Name, Values = [] }) => {
      if (Name === 'instance-storage-supported') return Values
      throw new NotImplemented(`the filter ${Name} of DescribeInstanceTypes`)
    })
    const found = names.map(infoOf)
    return {
      InstanceTypes: found.filter(({ InstanceStorageSupported: has }) =>
        wanted.every((values) => values.includes(String(has))),
      ),
    }
  },
}

function infoOf(InstanceType: InstanceTypeInfo['InstanceType']): InstanceTypeInfo {
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(InstanceType ?? '')) {
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${InstanceType}]`,
    )
  }
  return { InstanceType, InstanceStorageSupported: WITH_STORE.test(InstanceType ?? '') }
}
