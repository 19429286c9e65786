const ACCOUNT = '123456789012'
export const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com`
/** The role that most services have which somebody has made by hand. */
export const PASSED = 'ecsTaskExecutionRole'

export const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`

export const table = (TableName: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
})

/** A service with its task definition, as a template has them. */
export const inStack = (
  Cluster: string,
  ServiceName: string,
  image: string,
  subnet: string,
  more: object = {},
) => ({
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ...{ Family: ServiceName, NetworkMode: 'awsvpc', RequiresCompatibilities: ['FARGATE'] },
      ...{ Cpu: '256', Memory: '512', ExecutionRoleArn: role(PASSED) },
      ContainerDefinitions: [
        { Name: ServiceName, Image: `${REGISTRY}/${image}`, PortMappings: [{ ContainerPort: 80 }] },
      ],
    },
  },
  Service: {
    Type: 'AWS::ECS::Service',
    ...more,
    Properties: {
      ...{ Cluster, ServiceName, TaskDefinition: { Ref: 'Task' }, DesiredCount: 1 },
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet] } },
    },
  },
})
