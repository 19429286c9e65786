import type {
  AddTagsRequest,
  CreateTrailRequest,
  DescribeTrailsRequest,
  EventSelector,
  GetEventSelectorsRequest,
  ListTagsRequest,
  PutEventSelectorsRequest,
  RemoveTagsRequest,
  StartLoggingRequest,
  Trail,
  UpdateTrailRequest,
} from '@aws-sdk/client-cloudtrail'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Tags, tagList, tagsFrom } from '../tags.ts'

type StoredTrail = {
  readonly arn: string
  readonly name: string
  shape: Trail
  selectors: EventSelector[]
  startedAt?: Date
  stoppedAt?: Date
  isLogging: boolean
  tags: Tags
}

/** A trail logs all management events until its selectors say otherwise. */
const ALL: EventSelector = { ReadWriteType: 'All', IncludeManagementEvents: true }

const SETTINGS = [
  ...['EnableLogFileValidation', 'IncludeGlobalServiceEvents', 'IsMultiRegionTrail', 'KmsKeyId'],
  ...['Name', 'S3BucketName', 'S3KeyPrefix'],
]

/** The account's trails. Nothing is written to their buckets. */
export class Trails {
  readonly aws: Aws
  readonly trails = new Map<string, StoredTrail>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** By name or ARN. @throws AwsError TrailNotFoundException */
  find(named = ''): StoredTrail {
    const trail = this.trails.get(named.split('/').at(-1) ?? '')
    if (trail !== undefined) return trail
    const arn = this.aws.arn('cloudtrail', `trail/${named}`)
    const message = `Unknown trail: ${named.startsWith('arn:') ? named : arn} for the user: ${this.aws.account}`
    throw new AwsError('TrailNotFoundException', message)
  }

  /** Whether calls that change something are logged, on which their events depend. */
  get logsWrites(): boolean {
    return [...this.trails.values()].some(
      ({ isLogging, selectors }) =>
        isLogging &&
        selectors.some(
          ({ IncludeManagementEvents = true, ReadWriteType = 'All' }) =>
            IncludeManagementEvents && ReadWriteType !== 'ReadOnly',
        ),
    )
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/ */
export function trailOperations(trails: Trails) {
  const { aws } = trails
  return {
    CreateTrail: (input: CreateTrailRequest) => {
      onlyMembers('cloudtrail:CreateTrail', input, [...SETTINGS, 'TagsList'])
      const { Name: name = '', TagsList, ...settings } = input
      if (trails.trails.has(name)) {
        throw new AwsError(
          'TrailAlreadyExistsException',
          `Trail ${name} already exists for customer: ${aws.account}`,
        )
      }
      const arn = aws.arn('cloudtrail', `trail/${name}`)
      const shape: Trail = {
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: false,
        ...settings,
        Name: name,
        TrailARN: arn,
        HomeRegion: aws.region,
        HasCustomEventSelectors: false,
        HasInsightSelectors: false,
        IsOrganizationTrail: false,
      }
      const tags = tagsFrom(TagsList)
      trails.trails.set(name, { arn, name, shape, selectors: [ALL], isLogging: false, tags })
      return { ...shape }
    },
    UpdateTrail: (input: UpdateTrailRequest) => {
      onlyMembers('cloudtrail:UpdateTrail', input, SETTINGS)
      const { Name, ...settings } = input
      const { shape } = trails.find(Name)
      return { ...Object.assign(shape, settings) }
    },
    DeleteTrail: ({ Name }: StartLoggingRequest) => {
      trails.trails.delete(trails.find(Name).name)
      return {}
    },
    DescribeTrails: ({ trailNameList: names = [] }: DescribeTrailsRequest) => {
      const all = [...trails.trails.values()]
      const asked = all.filter(
        ({ name, arn }) => names.length === 0 || names.includes(name) || names.includes(arn),
      )
      return { trailList: asked.map(({ shape }) => ({ ...shape })) }
    },
    GetTrailStatus: ({ Name }: StartLoggingRequest) => {
      const { isLogging, startedAt, stoppedAt } = trails.find(Name)
      return {
        IsLogging: isLogging,
        ...(startedAt === undefined ? {} : { StartLoggingTime: startedAt }),
        ...(stoppedAt === undefined ? {} : { StopLoggingTime: stoppedAt }),
      }
    },
    StartLogging: ({ Name }: StartLoggingRequest) => {
      Object.assign(trails.find(Name), { isLogging: true, startedAt: aws.world.date })
      return {}
    },
    StopLogging: ({ Name }: StartLoggingRequest) => {
      Object.assign(trails.find(Name), { isLogging: false, stoppedAt: aws.world.date })
      return {}
    },
    ...selectorOperations(trails),
    ...trailTagOperations(trails),
  }
}

function selectorOperations(trails: Trails) {
  return {
    PutEventSelectors: (input: PutEventSelectorsRequest) => {
      onlyMembers('cloudtrail:PutEventSelectors', input, ['TrailName', 'EventSelectors'])
      const trail = trails.find(input.TrailName)
      trail.selectors = input.EventSelectors ?? [ALL]
      return { TrailARN: trail.arn, EventSelectors: trail.selectors }
    },
    GetEventSelectors: ({ TrailName }: GetEventSelectorsRequest) => {
      const { arn, selectors } = trails.find(TrailName)
      return { TrailARN: arn, EventSelectors: selectors }
    },
  }
}

function trailTagOperations(trails: Trails) {
  return {
    AddTags: ({ ResourceId, TagsList }: AddTagsRequest) => {
      Object.assign(trails.find(ResourceId).tags, tagsFrom(TagsList))
      return {}
    },
    RemoveTags: ({ ResourceId, TagsList = [] }: RemoveTagsRequest) => {
      const { tags } = trails.find(ResourceId)
      for (const { Key = '' } of TagsList) delete tags[Key]
      return {}
    },
    ListTags: ({ ResourceIdList = [] }: ListTagsRequest) => ({
      ResourceTagList: ResourceIdList.map((ResourceId) => ({
        ResourceId,
        TagsList: tagList(trails.find(ResourceId).tags),
      })),
    }),
  }
}
