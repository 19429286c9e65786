import type { TypeTable } from '../resource-type.ts'

/** Systems Manager. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SSM.html */
export const SSM: TypeTable = {
  'AWS::SSM::Parameter': {
    effect: ['Name', 'Type', 'Value', 'Description', 'AllowedPattern', 'DataType', 'Tier'],
    noEffect: { Policies: 'Parameters do not expire here.' },
    replacedBy: ['Name'],
    create: async (context, properties) => {
      const Name = context.name(properties.Name, { most: 900 })
      await context.call('ssm', 'PutParameter', { ...properties, Name })
      const arn = context.aws.arn('ssm', `parameter/${Name.replace(/^\//, '')}`)
      return { ref: Name, arn, attributes: { Type: properties.Type, Value: properties.Value } }
    },
    update: async (context, properties, { ref, arn }) => {
      const input = { ...properties, Name: ref, Overwrite: true }
      await context.call('ssm', 'PutParameter', input)
      const attributes = { Type: properties.Type, Value: properties.Value }
      return { ref, ...(arn === undefined ? {} : { arn }), attributes }
    },
    delete: (context, { ref }) => context.call('ssm', 'DeleteParameter', { Name: ref }),
  },
}
