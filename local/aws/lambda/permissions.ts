import type {
  AddPermissionRequest,
  GetPolicyRequest,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { matchesArn } from '../iam/wildcard.ts'
import { onlyMembers } from '../members.ts'
import type { LambdaFunction, Statement } from './model.ts'
import type { FunctionStore } from './store.ts'

/** Who may invoke a function without a role of their own. */
export function permissionOperations(store: FunctionStore) {
  return {
    AddPermission: (input: AddPermissionRequest) => add(store, input),
    RemovePermission: ({ FunctionName, StatementId, Qualifier }: RemovePermissionRequest) => {
      const fn = store.find(FunctionName, Qualifier)
      const index = fn.policy.findIndex(({ Sid }) => Sid === StatementId)
      if (index === -1) throw notFound(`Statement ${StatementId} is not found in resource policy.`)
      fn.policy.splice(index, 1)
      fn.revisionId = store.newRevision()
      return {}
    },
    GetPolicy: ({ FunctionName, Qualifier }: GetPolicyRequest) => {
      const fn = store.find(FunctionName, Qualifier)
      if (fn.policy.length === 0) {
        throw notFound('The resource you requested does not exist.')
      }
      const Policy = { Version: '2012-10-17', Id: 'default', Statement: fn.policy }
      return { Policy: JSON.stringify(Policy), RevisionId: fn.revisionId }
    },
  }
}

function add(store: FunctionStore, input: AddPermissionRequest) {
  onlyMembers('lambda:AddPermission', input, [
    'FunctionName',
    'StatementId',
    'Action',
    'Principal',
    'SourceArn',
    'SourceAccount',
    'Qualifier',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
  ])
  const fn = store.find(input.FunctionName, input.Qualifier)
  const { StatementId: Sid = '', Action = '', Principal = '' } = input
  if (fn.policy.some((one) => one.Sid === Sid)) {
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      { statusCode: 409, members: { Type: 'User' } },
    )
  }
  const Condition = conditionOf(input)
  const statement: Statement = {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action,
    Resource: fn.arn,
    ...(Condition === undefined ? {} : { Condition }),
  }
  fn.policy.push(statement)
  fn.revisionId = store.newRevision()
  return { Statement: JSON.stringify(statement) }
}

function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*'
  if (principal.endsWith('.amazonaws.com')) return { Service: principal }
  const account = /^\d{12}$/.test(principal)
  return { AWS: account ? `arn:aws:iam::${principal}:root` : principal }
}

function conditionOf({
  SourceArn,
  SourceAccount,
  FunctionUrlAuthType,
  InvokedViaFunctionUrl,
}: AddPermissionRequest) {
  const equals = {
    ...(SourceAccount && { 'AWS:SourceAccount': SourceAccount }),
    ...(FunctionUrlAuthType && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
  }
  const conditions = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { 'lambda:InvokedViaFunctionUrl': String(InvokedViaFunctionUrl) } }),
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  }
  return Object.keys(conditions).length > 0 ? conditions : undefined
}

/**
 * An AWS service that brings no role may invoke a function only if the function's policy lets it.
 * Callers with a role, and people, are IAM's business.
 *
 * @throws AwsError AccessDeniedException
 */
export function checkPermission({ policy, arn }: LambdaFunction, caller: Caller): void {
  if (caller.kind !== 'aws' || caller.roleArn !== undefined) return
  if (policy.some((statement) => allows(statement, caller))) return
  throw new AwsError(
    'AccessDeniedException',
    `User: ${caller.name}.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no resource-based policy allows the lambda:InvokeFunction action`,
    { statusCode: 403 },
  )
}

function allows({ Principal, Action, Condition }: Statement, { name, sourceArn }: Caller): boolean {
  const service = Principal === '*' || ('Service' in Principal ? Principal.Service : undefined)
  if (service !== true && service !== `${name}.amazonaws.com`) return false
  if (!['lambda:InvokeFunction', 'lambda:*'].includes(Action)) return false
  // No AWS service comes through a function's URL.
  if (Condition?.Bool?.['lambda:InvokedViaFunctionUrl'] === 'true') return false
  // Not every simulated service says for which resource it acts.
  if (sourceArn === undefined) return true
  const source = Condition?.ArnLike?.['AWS:SourceArn'] ?? '*'
  const account = Condition?.StringEquals?.['AWS:SourceAccount'] ?? accountOf(sourceArn)
  return matchesArn(source, sourceArn) && account === accountOf(sourceArn)
}

const accountOf = (arn: string): string | undefined => arn.split(':')[4]

const notFound = (message: string) =>
  new AwsError('ResourceNotFoundException', message, {
    statusCode: 404,
    members: { Type: 'User' },
  })
