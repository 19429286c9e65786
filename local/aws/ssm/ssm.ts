import type {
  DeleteParameterRequest,
  DeleteParametersRequest,
  DescribeParametersRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
} from '@aws-sdk/client-ssm'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { type Tags, type TagWords, taggable } from '../tags.ts'
import { ParameterStore, read, type StoredParameter } from './parameter.ts'
import { announce, putParameter } from './put.ts'

/** AWS Systems Manager, Parameter Store only. */
export class Ssm implements Service {
  readonly id = 'ssm'
  readonly operations: Operations
  readonly #store: ParameterStore

  constructor(aws: Aws) {
    this.#store = new ParameterStore(aws)
    this.operations = {
      PutParameter: (input: never) => putParameter(this.#store, input),
      ...readOperations(this.#store),
      ...deleteOperations(this.#store),
      ...tagOperations(this.#store),
    }
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#store.parameters.values()) yield { arn, tags }
  }
}

function readOperations(store: ParameterStore) {
  return {
    GetParameter: ({ Name = '', WithDecryption: decrypt }: GetParameterRequest) => {
      const { name, selector } = split(Name)
      return { Parameter: read(store.find(name), { selector, decrypt }) }
    },
    GetParameters: ({ Names = [], WithDecryption: decrypt }: GetParametersRequest) => {
      const found = Names.map((Name) => ({ Name, ...split(Name) })).map((one) => ({
        ...one,
        parameter: store.lookUp(one.name),
      }))
      return {
        Parameters: found.flatMap(({ parameter, selector }) =>
          parameter === undefined ? [] : [read(parameter, { selector, decrypt })],
        ),
        InvalidParameters: found.flatMap(({ Name, parameter }) =>
          parameter === undefined ? [Name] : [],
        ),
      }
    },
    GetParametersByPath: (input: GetParametersByPathRequest) => byPath(store, input),
    DescribeParameters: (input: DescribeParametersRequest) => {
      onlyMembers('ssm:DescribeParameters', input, ['MaxResults', 'NextToken'])
      const { items, next } = pageOf([...store.parameters.values()], input, 50)
      return { Parameters: items.map(metadata), NextToken: next }
    },
  }
}

function byPath(store: ParameterStore, input: GetParametersByPathRequest) {
  const members = ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken']
  onlyMembers('ssm:GetParametersByPath', input, members)
  const { Path = '', Recursive = false, WithDecryption: decrypt } = input
  if (!Path.startsWith('/')) {
    throw new AwsError(
      'ValidationException',
      'The parameter path must begin with a slash and consist of letters, numbers, symbols and slashes.',
    )
  }
  const start = Path.endsWith('/') ? Path : `${Path}/`
  const found = [...store.parameters.values()].filter(
    ({ name }) => name.startsWith(start) && (Recursive || !name.slice(start.length).includes('/')),
  )
  const { items, next } = pageOf(found, input, 10)
  return { Parameters: items.map((one) => read(one, { decrypt })), NextToken: next }
}

function metadata(parameter: StoredParameter) {
  const newest = parameter.versions.at(-1)
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: parameter.type,
    Tier: parameter.tier,
    DataType: parameter.dataType,
    Policies: [],
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    ...(parameter.keyId === undefined ? {} : { KeyId: parameter.keyId }),
    ...(newest === undefined
      ? {}
      : { Version: newest.version, LastModifiedDate: newest.modifiedAt }),
  }
}

function deleteOperations(store: ParameterStore) {
  const remove = (parameter: StoredParameter) => {
    store.parameters.delete(parameter.name)
    announce(store, parameter, 'Delete')
  }
  return {
    DeleteParameter: ({ Name }: DeleteParameterRequest) => {
      remove(store.find(Name))
      return {}
    },
    DeleteParameters: ({ Names = [] }: DeleteParametersRequest) => {
      const [DeletedParameters, InvalidParameters] = [true, false].map((known) =>
        Names.filter((name) => (store.lookUp(name) !== undefined) === known),
      )
      for (const name of DeletedParameters ?? []) remove(store.find(name))
      return { DeletedParameters, InvalidParameters }
    },
  }
}

function tagOperations(store: ParameterStore) {
  const words: TagWords = {
    operations: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
    resource: 'ResourceId',
    answer: 'TagList',
  }
  return taggable(words, (id = '', { ResourceType }) => {
    if (ResourceType !== 'Parameter') throw new NotImplemented(`tags of ssm ${ResourceType}`)
    const parameter = store.lookUp(id)
    if (parameter !== undefined) return parameter.tags
    throw new AwsError('InvalidResourceId', `The resource ID is not valid: ${id}`)
  })
}

/** `name:3` or `arn:…:parameter/name:3`: the version after the last colon. */
function split(named: string): { name: string; selector?: string } {
  const [, name = named, selector] = /^(.+?):(\d+)$/.exec(named) ?? []
  return { name, ...(selector === undefined ? {} : { selector }) }
}

const pageOf = <Item>(
  items: readonly Item[],
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults?: number | undefined },
  limit: number,
) => page(items, { token: NextToken, limit: MaxResults ?? limit, invalid: 'InvalidNextToken' })
