import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Context } from '../context.ts'
import { differences, given, type Properties, type TypeTable } from '../resource-type.ts'

/** Lambda functions. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html */
export const LAMBDA: TypeTable = {
  'AWS::Lambda::Function': {
    effect: [
      'FunctionName',
      'Code',
      'Architectures',
      'DeadLetterConfig',
      'Description',
      'Environment',
      'EphemeralStorage',
      'Handler',
      'Layers',
      'LoggingConfig',
      'MemorySize',
      'PackageType',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'Timeout',
      'TracingConfig',
    ],
    noEffect: {
      VpcConfig: 'Functions reach everything the simulation has; there is no network to be inside.',
      KmsKeyArn: 'Nothing is written to a disk.',
      RuntimeManagementConfig: 'Functions run on the Node that runs the simulation.',
      SnapStart: 'A cold start costs the same with it.',
      FileSystemConfigs: 'Functions of Caretaker mount nothing.',
      RecursiveLoop: 'A loop would be seen in the trace.',
    },
    replacedBy: ['FunctionName', 'PackageType'],
    create: async (context, { ReservedConcurrentExecutions, ...properties }) => {
      const name = context.name(properties.FunctionName)
      const { FunctionArn } = await context.call<FunctionConfiguration>(
        'lambda',
        'CreateFunction',
        {
          ...properties,
          FunctionName: name,
        },
      )
      await reserve(context, name, ReservedConcurrentExecutions)
      return { ref: name, attributes: { Arn: FunctionArn } }
    },
    update: async (context, properties, { ref: FunctionName, properties: before }) => {
      const changed = new Set(differences(before, properties))
      const {
        Code,
        Architectures,
        ReservedConcurrentExecutions,
        PackageType: _,
        ...rest
      } = properties
      if (changed.delete('Code') || changed.delete('Architectures')) {
        const code = { FunctionName, ...(Code as Properties), ...given({ Architectures }) }
        await context.call('lambda', 'UpdateFunctionCode', code)
      }
      if (changed.delete('ReservedConcurrentExecutions')) {
        await reserve(context, FunctionName, ReservedConcurrentExecutions)
      }
      changed.delete('Architectures')
      if (changed.size === 0) return
      await context.call('lambda', 'UpdateFunctionConfiguration', { ...rest, FunctionName })
    },
    delete: (context, { ref }) => context.call('lambda', 'DeleteFunction', { FunctionName: ref }),
  },
}

async function reserve(context: Context, FunctionName: string, reserved: unknown): Promise<void> {
  if (reserved === undefined) return
  const input = { FunctionName, ReservedConcurrentExecutions: reserved }
  await context.call('lambda', 'PutFunctionConcurrency', input)
}
