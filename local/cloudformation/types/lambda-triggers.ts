import type {
  CreateFunctionUrlConfigResponse,
  EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda'
import { given, type Properties, type TypeTable } from '../resource-type.ts'

/** What calls a Lambda function, and what happens when it fails. */
export const LAMBDA_TRIGGERS: TypeTable = {
  'AWS::Lambda::EventInvokeConfig': {
    effect: [
      'FunctionName',
      'Qualifier',
      'DestinationConfig',
      'MaximumEventAgeInSeconds',
      'MaximumRetryAttempts',
    ],
    replacedBy: ['FunctionName', 'Qualifier'],
    create: async (context, properties) => {
      await context.call('lambda', 'PutFunctionEventInvokeConfig', properties)
      return { ref: context.name(undefined) }
    },
    update: async (context, properties) => {
      await context.call('lambda', 'PutFunctionEventInvokeConfig', properties)
    },
    delete: (context, { properties: { FunctionName, Qualifier } }) =>
      context.call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }),
  },
  'AWS::Lambda::Permission': {
    effect: [
      'Action',
      'FunctionName',
      'Principal',
      'SourceArn',
      'SourceAccount',
      'EventSourceToken',
      'FunctionUrlAuthType',
      'InvokedViaFunctionUrl',
      'PrincipalOrgID',
    ],
    replacedBy: 'anything',
    create: async (context, properties) => {
      const StatementId = context.name(undefined, { most: 100 })
      await context.call('lambda', 'AddPermission', { ...properties, StatementId })
      return { ref: StatementId, attributes: { Id: StatementId } }
    },
    delete: (context, { ref: StatementId, properties: { FunctionName } }) =>
      context.call('lambda', 'RemovePermission', { FunctionName, StatementId }),
  },
  'AWS::Lambda::EventSourceMapping': {
    effect: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'ScalingConfig',
      'StartingPosition',
      'StartingPositionTimestamp',
      'TumblingWindowInSeconds',
    ],
    noEffect: {
      KmsKeyArn: 'Nothing is written to a disk.',
      LoggingConfig: 'The trace shows every batch.',
      MetricsConfig: 'The trace shows every batch.',
      ProvisionedPollerConfig: 'Polling is as fast as it needs to be.',
    },
    replacedBy: ['EventSourceArn', 'StartingPosition', 'StartingPositionTimestamp'],
    create: async (context, properties) => {
      const { UUID = '', EventSourceMappingArn } =
        await context.call<EventSourceMappingConfiguration>(
          'lambda',
          'CreateEventSourceMapping',
          properties,
        )
      return { ref: UUID, attributes: given({ Id: UUID, EventSourceMappingArn }) }
    },
    update: async (context, properties, { ref: UUID }) => {
      const { EventSourceArn: _, StartingPosition: __, ...rest } = properties
      await context.call('lambda', 'UpdateEventSourceMapping', { ...rest, UUID })
    },
    // Nobody asks a mapping here for its tags.
    retag: async () => {},
    delete: (context, { ref }) => context.call('lambda', 'DeleteEventSourceMapping', { UUID: ref }),
  },
  'AWS::Lambda::Url': {
    effect: ['TargetFunctionArn', 'Qualifier', 'AuthType', 'Cors', 'InvokeMode'],
    replacedBy: ['TargetFunctionArn', 'Qualifier'],
    create: async (context, properties) => {
      const { FunctionArn = '', FunctionUrl } = await context.call<CreateFunctionUrlConfigResponse>(
        'lambda',
        'CreateFunctionUrlConfig',
        urlConfig(properties),
      )
      return { ref: FunctionArn, attributes: { FunctionArn, FunctionUrl } }
    },
    update: async (context, properties) => {
      await context.call('lambda', 'UpdateFunctionUrlConfig', urlConfig(properties))
    },
    delete: (context, { properties: { TargetFunctionArn, Qualifier } }) =>
      context.call('lambda', 'DeleteFunctionUrlConfig', {
        FunctionName: TargetFunctionArn,
        ...given({ Qualifier }),
      }),
  },
}

const urlConfig = ({ TargetFunctionArn, ...rest }: Properties): Properties => ({
  FunctionName: TargetFunctionArn,
  ...rest,
})
