import type {
  Cors,
  CreateFunctionRequest,
  FunctionConfiguration,
  FunctionEventInvokeConfig,
  FunctionUrlAuthType,
} from '@aws-sdk/client-lambda'
import type { Caller } from '../aws.ts'
import { pager } from '../members.ts'
import type { Tags } from '../tags.ts'
import type { Bundle } from './bundle.ts'

/** What CreateFunction and UpdateFunctionConfiguration set. */
export type Settings = Pick<
  CreateFunctionRequest,
  | 'Architectures'
  | 'DeadLetterConfig'
  | 'Description'
  | 'EphemeralStorage'
  | 'LoggingConfig'
  | 'Runtime'
  | 'TracingConfig'
> & {
  Role: string
  Handler: string
  /** Seconds. */
  Timeout: number
  /** MB. */
  MemorySize: number
  variables: Record<string, string>
}

/** One statement of a function's policy. */
export type Statement = {
  Sid: string
  Effect: 'Allow'
  Principal: '*' | { Service: string } | { AWS: string }
  Action: string
  Resource: string
  Condition?: Record<string, Record<string, string>>
}

/** The HTTPS address of a function. */
export type FunctionUrl = {
  /** The first label of its host. */
  id: string
  authType: FunctionUrlAuthType
  cors?: Cors
  createdAt: Date
  modifiedAt: Date
}

export type LambdaFunction = {
  name: string
  arn: string
  settings: Settings
  bundle: Bundle
  modifiedAt: Date
  revisionId: string
  tags: Tags
  policy: Statement[]
  /** Reserved concurrency; undefined shares the account's. */
  reserved?: number
  eventInvoke?: FunctionEventInvokeConfig
  url?: FunctionUrl
}

/** `arn:aws:lambda:…:function:orders:prod`, `123456789012:function:orders` or `orders:prod`. */
export function parseName(named: string): { name: string; version?: string } {
  const [name = '', version] = (named.split('function:')[1] ?? named).split(':')
  return { name, ...(version === undefined ? {} : { version }) }
}

/** Lambda itself, at work for a function with the function's role. */
export const lambdaFor = ({ arn, settings }: LambdaFunction): Caller => ({
  kind: 'aws',
  name: 'lambda',
  roleArn: settings.Role,
  sourceArn: arn,
})

/** The group a function's lines go to. */
export function logGroupOf({ name, settings }: LambdaFunction): string {
  return settings.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`
}

/** A function's configuration as every operation shows it. */
export function configuration(fn: LambdaFunction): FunctionConfiguration {
  const { variables, LoggingConfig, ...settings } = fn.settings
  return {
    ...settings,
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    CodeSize: fn.bundle.size,
    CodeSha256: fn.bundle.sha256,
    LastModified: fn.modifiedAt.toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    ...(Object.keys(variables).length > 0 ? { Environment: { Variables: { ...variables } } } : {}),
    RevisionId: fn.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', ...LoggingConfig, LogGroup: logGroupOf(fn) },
  }
}

export const lambdaPage = pager('InvalidParameterValueException', 100)
