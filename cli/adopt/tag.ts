import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling'
import { CreateTagsCommand, DeleteTagsCommand as DeleteEc2TagsCommand } from '@aws-sdk/client-ec2'
import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-ecs'
import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-rds'
import type { Kind } from '../../domain/sleep/resource.ts'
import type { Clients } from './clients.ts'

/** What is tagged, by its service's own call: the tagging API knows no Auto Scaling groups. */
export type Target = { kind: Kind; id: string; arn: string }

type Tags = Readonly<Record<string, string>>

const capital = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

const ownId = ({ id }: Target): string => id.slice(id.indexOf('/') + 1)

/** Gives a resource tags; nothing is asked where there are none. */
export async function giveTags(clients: Clients, target: Target, tags: Tags): Promise<void> {
  if (Object.keys(tags).length === 0) return
  const { kind, arn } = target
  if (kind === 'service') {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }))
    await clients.ecs.send(new TagResourceCommand({ resourceArn: arn, tags: list }))
  } else if (kind === 'instance') {
    const given = { Resources: [ownId(target)], Tags: capital(tags) }
    await clients.ec2.send(new CreateTagsCommand(given))
  } else if (kind === 'group') {
    const Tags = capital(tags).map((tag) => ({ ...ofGroup(target), ...tag }))
    await clients.groups.send(new CreateOrUpdateTagsCommand({ Tags }))
  } else {
    const given = { ResourceName: arn, Tags: capital(tags) }
    await clients.rds.send(new AddTagsToResourceCommand(given))
  }
}

/** Takes tags away from a resource. */
export async function takeTags(
  clients: Clients,
  target: Target,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return
  const { kind, arn } = target
  const named = keys.map((Key) => ({ Key }))
  if (kind === 'service') {
    await clients.ecs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }))
  } else if (kind === 'instance') {
    await clients.ec2.send(new DeleteEc2TagsCommand({ Resources: [ownId(target)], Tags: named }))
  } else if (kind === 'group') {
    const Tags = named.map(({ Key }) => ({
      ...{ Key, ResourceId: ownId(target), ResourceType: 'auto-scaling-group' },
    }))
    await clients.groups.send(new DeleteTagsCommand({ Tags }))
  } else {
    const given = { ResourceName: arn, TagKeys: [...keys] }
    await clients.rds.send(new RemoveTagsFromResourceCommand(given))
  }
}

/** What a group is given says nothing about what it starts. */
const ofGroup = (target: Target) => ({
  ...{ ResourceId: ownId(target), ResourceType: 'auto-scaling-group', PropagateAtLaunch: false },
})
