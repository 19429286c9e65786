import type {
  CreateScheduleGroupInput,
  DeleteScheduleGroupInput,
  GetScheduleGroupInput,
  ListScheduleGroupsInput,
} from '@aws-sdk/client-scheduler'
import type { Aws } from '../aws.ts'
import { pager } from '../members.ts'
import { type Tags, taggable, tagsByArn, tagsFrom } from '../tags.ts'
import { checkName, conflict, type Group, notFound, type Schedule, validation } from './model.ts'

/** A group stays in the state DELETING until its schedules are gone; in practice seconds. */
const DELETING_MILLISECONDS = 5_000

/** All of Scheduler's state: the groups and the schedules in them. */
export class Groups {
  readonly aws: Aws
  readonly #groups = new Map<string, Group>()

  constructor(aws: Aws) {
    this.aws = aws
    this.#add('default', {})
  }

  get all(): readonly Group[] {
    return [...this.#groups.values()]
  }

  /** @throws AwsError ResourceNotFoundException */
  group(name = 'default'): Group {
    const found = this.#groups.get(name)
    if (found === undefined) throw notFound(`Schedule group ${name}`)
    return found
  }

  /** @throws AwsError ResourceNotFoundException */
  schedule(name: string | undefined, groupName: string | undefined): Schedule {
    const found = this.group(groupName).schedules.get(name ?? '')
    if (found === undefined) throw notFound(`Schedule ${name}`)
    return found
  }

  create({ Name, Tags }: CreateScheduleGroupInput): Group {
    const name = checkName(Name, 'name')
    if (this.#groups.has(name)) throw conflict(`Schedule group ${name} already exists.`)
    return this.#add(name, tagsFrom(Tags))
  }

  /** Its schedules go with it. @throws AwsError ValidationException for the default group */
  delete(name: string | undefined): void {
    const group = this.group(name)
    if (group.name === 'default') throw validation('The default schedule group cannot be deleted.')
    group.state = 'DELETING'
    for (const { timer } of group.schedules.values()) timer?.cancel()
    group.schedules.clear()
    this.aws.world.after(DELETING_MILLISECONDS, `schedule group ${group.name}`, () =>
      this.#groups.delete(group.name),
    )
  }

  #add(name: string, tags: Tags): Group {
    const group: Group = {
      name,
      arn: this.aws.arn('scheduler', `schedule-group/${name}`),
      tags,
      schedules: new Map(),
      createdAt: this.aws.world.date,
      state: 'ACTIVE',
    }
    this.#groups.set(name, group)
    return group
  }
}

export function groupOperations(groups: Groups) {
  const tagsOf = tagsByArn(
    () => groups.all,
    (arn) => notFound(`Resource ${arn}`),
  )
  return {
    CreateScheduleGroup: (input: CreateScheduleGroupInput) => ({
      ScheduleGroupArn: groups.create(input).arn,
    }),
    GetScheduleGroup: ({ Name }: GetScheduleGroupInput) => describe(groups.group(Name)),
    DeleteScheduleGroup: ({ Name }: DeleteScheduleGroupInput) => {
      groups.delete(Name)
      return {}
    },
    ListScheduleGroups: ({ NamePrefix = '', NextToken, MaxResults }: ListScheduleGroupsInput) => {
      const named = groups.all.filter(({ name }) => name.startsWith(NamePrefix))
      const { items, next } = schedulerPage(named, NextToken, MaxResults)
      return { ScheduleGroups: items.map(describe), NextToken: next }
    },
    ...taggable({ resource: 'ResourceArn' }, tagsOf),
  }
}

function describe({ name, arn, state, createdAt }: Group) {
  return {
    Name: name,
    Arn: arn,
    State: state,
    CreationDate: createdAt,
    LastModificationDate: createdAt,
  }
}

export const schedulerPage = pager('ValidationException', 100)
