import type { CreateTrailResponse } from '@aws-sdk/client-cloudtrail'
import type { Context } from '../context.ts'
import { given, type Properties, type TypeTable } from '../resource-type.ts'

const SERVICE = 'cloudtrail'
const FILES = 'No log files are written.'

const SETTINGS = [
  ...['EnableLogFileValidation', 'IncludeGlobalServiceEvents', 'IsMultiRegionTrail'],
  ...['S3BucketName', 'S3KeyPrefix'],
]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CloudTrail.html */
export const CLOUDTRAIL: TypeTable = {
  'AWS::CloudTrail::Trail': {
    effect: ['EventSelectors', 'IsLogging', 'TrailName', ...SETTINGS],
    noEffect: {
      CloudWatchLogsLogGroupArn: FILES,
      CloudWatchLogsRoleArn: FILES,
      KMSKeyId: FILES,
      SnsTopicName: FILES,
    },
    replacedBy: ['TrailName'],
    create: async (context, properties) => {
      const Name = context.name(properties.TrailName, { most: 128 })
      const { TrailARN = '' } = await context.call<CreateTrailResponse>(SERVICE, 'CreateTrail', {
        ...settings(properties),
        Name,
        TagsList: context.tags,
      })
      await select(context, Name, properties)
      return { ref: Name, arn: TrailARN, attributes: { Arn: TrailARN } }
    },
    update: async (context, properties, { ref: Name }) => {
      await context.call(SERVICE, 'UpdateTrail', { ...settings(properties), Name })
      await select(context, Name, properties)
    },
    delete: (context, { ref: Name }) => context.call(SERVICE, 'DeleteTrail', { Name }),
  },
}

const settings = (properties: Properties): Record<string, unknown> =>
  given(Object.fromEntries(SETTINGS.map((name) => [name, properties[name]])))

/** Which events are logged, and whether any are. */
async function select(context: Context, Name: string, properties: Properties): Promise<void> {
  const { EventSelectors, IsLogging } = properties
  if (EventSelectors !== undefined) {
    await context.call(SERVICE, 'PutEventSelectors', { TrailName: Name, EventSelectors })
  }
  const isLogging = IsLogging === true || IsLogging === 'true'
  await context.call(SERVICE, isLogging ? 'StartLogging' : 'StopLogging', { Name })
}
