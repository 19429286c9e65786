import type { Aws } from '../aws.ts'
import { DynamoDb } from '../dynamodb/dynamodb.ts'
import { type GivenTags, tagsFrom } from '../tags.ts'
import { clusterArn } from './resources/compute.ts'
import type { Input } from './resources/naming.ts'
import { text, texts } from './resources/naming.ts'

/** The value of one condition key of a request, when the request has it. */
type Key = (input: Input, aws: Aws) => readonly string[] | undefined

const member =
  (name: string): Key =>
  (input) => {
    const values = texts(input, name)
    return values.length > 0 ? values : undefined
  }

const flag =
  (name: string): Key =>
  (input) =>
    input[name] === undefined ? undefined : [String(input[name])]

/** Condition keys of services that are simulated, by their name in lower case. */
export const SERVICE_KEYS: Readonly<Record<string, Key>> = {
  'autoscaling:maxsize': flag('MaxSize'),
  'autoscaling:minsize': flag('MinSize'),
  'cloudwatch:namespace': member('Namespace'),
  'cloudwatch:alarmactions': member('AlarmActions'),
  'dynamodb:leadingkeys': leadingKeys,
  'dynamodb:returnvalues': member('ReturnValues'),
  'dynamodb:select': member('Select'),
  'ecs:cluster': (input, aws) => [clusterArn(input, aws)],
  'ecs:enable-execute-command': flag('enableExecuteCommand'),
  'ecs:enable-ecs-managed-tags': flag('enableECSManagedTags'),
  'ecs:propagate-tags': member('propagateTags'),
  'ecs:task-definition': member('taskDefinition'),
  'ecs:task-cpu': member('cpu'),
  'ecs:task-memory': member('memory'),
  'events:source': member('Source'),
  'events:detail-type': member('DetailType'),
  'iam:permissionsboundary': member('PermissionsBoundary'),
  'iam:policyarn': member('PolicyArn'),
  'lambda:functionarn': member('FunctionName'),
  'lambda:functionurlauthtype': member('AuthType'),
  // A call of Invoke does not come through a URL.
  'lambda:invokedviafunctionurl': () => undefined,
  'secretsmanager:secretid': member('SecretId'),
  'secretsmanager:versionid': member('VersionId'),
  'secretsmanager:versionstage': member('VersionStage'),
  'servicediscovery:namespacename': member('NamespaceName'),
  'servicediscovery:servicename': member('ServiceName'),
  'servicediscovery:servicearn': ({ ServiceId }, aws) =>
    typeof ServiceId !== 'string'
      ? undefined
      : [
          ServiceId.startsWith('arn:')
            ? ServiceId
            : aws.arn('servicediscovery', `service/${ServiceId}`),
        ],
  'servicediscovery:servicecreatedbyaccount': (_, aws) => [aws.account],
  'sns:protocol': member('Protocol'),
  'sns:endpoint': member('Endpoint'),
  // Whether a session names its document: with this condition, one that does not is refused.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-specify-session-document.html
  'ssm:sessiondocumentaccesscheck': ({ DocumentName, Target }) =>
    Target === undefined ? undefined : [String(DocumentName !== undefined)],
  'states:statemachinequalifier': () => undefined,
}

type Attribute = Record<string, string>

/** The partition keys of the items a call reads or writes. */
function leadingKeys(input: Input, aws: Aws): readonly string[] | undefined {
  const items = [input.Key, input.Item].filter((item) => item !== undefined) as Record<
    string,
    Attribute
  >[]
  const TableName = text(input, 'TableName')
  if (TableName === undefined) return undefined
  const partition = aws.find(DynamoDb)?.find(TableName)?.keys.hash ?? ''
  if (items.length === 0) return queriedKey(input, partition)
  return items.flatMap((item) => Object.values(item[partition] ?? {}))
}

/**
 * The one partition that a query reads.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function queriedKey(input: Input, partition: string): readonly string[] | undefined {
  const names = (input.ExpressionAttributeNames ?? {}) as Attribute
  const values = (input.ExpressionAttributeValues ?? {}) as Record<string, Attribute>
  const equal = /([#\w]+)\s*=\s*(:\w+)/g
  for (const [, name = '', value = ''] of (text(input, 'KeyConditionExpression') ?? '').matchAll(
    equal,
  )) {
    if ((names[name] ?? name) === partition) return Object.values(values[value] ?? {})
  }
  return undefined
}

/** The tags a request gives, however its service writes them. */
export function requestTags(input: Input): Readonly<Record<string, string>> | undefined {
  const given = input.tags ?? input.Tags
  return given === undefined ? undefined : tagsFrom(given as GivenTags)
}

/** The keys of the tags a request gives or takes away. */
export function tagKeys(input: Input): readonly string[] | undefined {
  const removed = texts(input, 'tagKeys', 'TagKeys')
  const tags = requestTags(input)
  if (tags === undefined && removed.length === 0) return undefined
  return [...Object.keys(tags ?? {}), ...removed]
}
