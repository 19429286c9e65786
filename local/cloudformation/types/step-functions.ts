import type { CreateStateMachineOutput } from '@aws-sdk/client-sfn'
import { jsonText, type Properties, type TypeTable } from '../resource-type.ts'
import { TemplateError } from '../template.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_StepFunctions.html */
export const STEP_FUNCTIONS: TypeTable = {
  'AWS::StepFunctions::StateMachine': {
    effect: [
      'StateMachineName',
      'StateMachineType',
      'DefinitionString',
      'Definition',
      'DefinitionSubstitutions',
      'RoleArn',
      'LoggingConfiguration',
      'TracingConfiguration',
      'EncryptionConfiguration',
    ],
    replacedBy: ['StateMachineName', 'StateMachineType'],
    create: async (context, properties) => {
      const name = context.name(properties.StateMachineName, { most: 80 })
      const { StateMachineType: type = 'STANDARD' } = properties
      const input = { name, type, ...configuration(properties) }
      const { stateMachineArn = '' } = await context.call<CreateStateMachineOutput>(
        'sfn',
        'CreateStateMachine',
        input,
      )
      return { ref: stateMachineArn, attributes: { Arn: stateMachineArn, Name: name } }
    },
    update: async (context, properties, { ref }) => {
      const input = { stateMachineArn: ref, ...configuration(properties) }
      await context.call('sfn', 'UpdateStateMachine', input)
    },
    delete: (context, { ref }) =>
      context.call('sfn', 'DeleteStateMachine', { stateMachineArn: ref }),
  },
}

/** What may change of a machine. */
function configuration(properties: Properties): Properties {
  const { StateMachineName: _, StateMachineType: __, ...rest } = properties
  const { DefinitionString, Definition, DefinitionSubstitutions = {}, ...more } = rest
  const text = jsonText(DefinitionString ?? Definition)
  return { ...more, definition: substituted(text, DefinitionSubstitutions as Properties) }
}

/** `${Name}` in a definition becomes the value given for it; every one must be given. */
function substituted(definition: string, values: Properties): string {
  return definition.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (placeholder, name: string) => {
    if (Object.hasOwn(values, name)) return String(values[name])
    throw new TemplateError(`DefinitionSubstitutions has nothing for ${placeholder}`)
  })
}
