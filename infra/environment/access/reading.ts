import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { named } from '../../names.ts'
import { arnsOf } from './arns.ts'

/** What shows how things are. Not among them: values of secrets, objects of buckets, items. */
const READS = [
  'application-autoscaling:Describe*',
  'budgets:ViewBudget',
  'ce:Get*',
  'ce:List*',
  'cloudformation:Describe*',
  'cloudformation:Get*',
  'cloudformation:List*',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:LookupEvents',
  'cloudwatch:Describe*',
  'cloudwatch:Get*',
  'cloudwatch:List*',
  'codebuild:BatchGet*',
  'codebuild:List*',
  'codeconnections:GetConnection',
  'codepipeline:Get*',
  'codepipeline:List*',
  'codestar-connections:GetConnection',
  'dynamodb:DescribeTable',
  'dynamodb:ListTables',
  'ec2:Describe*',
  'ecr:Describe*',
  'ecr:List*',
  'ecs:Describe*',
  'ecs:List*',
  'eks:Describe*',
  'eks:List*',
  'elasticache:Describe*',
  'elasticfilesystem:Describe*',
  'elasticloadbalancing:Describe*',
  'events:Describe*',
  'events:List*',
  'iam:GetRole',
  'lambda:GetAccountSettings',
  'lambda:GetFunctionConcurrency',
  'lambda:GetFunctionConfiguration',
  'lambda:List*',
  'logs:Describe*',
  'logs:FilterLogEvents',
  'logs:Get*',
  'logs:StartLiveTail',
  'logs:StartQuery',
  'logs:StopQuery',
  'rds:Describe*',
  'scheduler:Get*',
  'scheduler:List*',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecrets',
  'servicediscovery:DiscoverInstances',
  'servicediscovery:Get*',
  'servicediscovery:List*',
  'servicequotas:Get*',
  'sns:Get*',
  'sns:List*',
  'sqs:GetQueueAttributes',
  'sqs:List*',
  'ssm:DescribeInstanceInformation',
  'states:Describe*',
  'states:GetExecutionHistory',
  'states:List*',
  'tag:Get*',
  'xray:BatchGet*',
  'xray:Get*',
]

/** Everybody sees everything of the account but what is secret, and may ask Caretaker. */
export function reading(scope: Construct): PolicyStatement[] {
  return [new PolicyStatement({ actions: READS, resources: ['*'] }), ...asking(scope)]
}

/**
 * `npx caretaker`: the entrance decides by the catalog what each may do. Through its URL AWS
 * says who calls. Without the condition whoever may invoke the function could write any name into
 * the event. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
function asking(scope: Construct): PolicyStatement[] {
  const resources = [arnsOf(scope)('lambda', `function:${named(scope, 'answer-caller')}`)]
  return [
    new PolicyStatement({
      actions: ['lambda:InvokeFunctionUrl'],
      resources,
      conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    }),
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources,
      conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    }),
  ]
}
