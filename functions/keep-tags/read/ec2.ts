import type { Filter } from '@aws-sdk/client-ec2'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { inChunks, type Named, nameOf, type Place } from './reader.ts'

const NAME = 'Name'
/** Values of one filter. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const VALUES = 200

/** What a resource of EC2 is called: by the tag `Name`, where it has one. */
export const named = (
  kind: 'instance' | 'volume' | 'snapshot',
  id: string,
  tags: Record<string, string>,
  { region, account, partition }: Place,
): Pick<Resource, 'id' | 'arn' | 'name' | 'tags'> => ({
  id: `${kind}/${id}`,
  arn: `arn:${partition}:ec2:${region}:${account}:${kind}/${id}`,
  name: tags[NAME] ? `${tags[NAME]} (${id})` : id,
  tags,
})

/** Reads some by the filter of their ids: one that is not there fails a call that names it. */
export const readBy =
  (filter: string, described: (filters: Filter[]) => Promise<Resource[]>) =>
  (some: readonly Named[]): Promise<Resource[]> =>
    inChunks(some.map(nameOf), VALUES, (Values) => described([{ Name: filter, Values }]))
