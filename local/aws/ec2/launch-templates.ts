import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateVersionRequest,
  DeleteLaunchTemplateRequest,
  DescribeLaunchTemplatesRequest,
  LaunchTemplate,
  LaunchTemplateSpecification,
  RequestLaunchTemplateData,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, type StoredTemplate, shown } from './model.ts'

type Named = Pick<LaunchTemplateSpecification, 'LaunchTemplateId' | 'LaunchTemplateName'>

const FILTERS: Filters<LaunchTemplate> = {
  'launch-template-name': ({ LaunchTemplateName }) => LaunchTemplateName,
}

const noTemplate = (id: string) =>
  notFound('LaunchTemplateId', 'specified launch template, with template ID', id)

/** What instances are launched with, in versions. */
export function launchTemplateOperations(store: Ec2Store) {
  const { launchTemplates } = store
  return {
    CreateLaunchTemplate: (input: CreateLaunchTemplateRequest) => {
      const members = [
        'ClientToken',
        'LaunchTemplateData',
        'LaunchTemplateName',
        'TagSpecifications',
        'VersionDescription',
      ]
      onlyMembers('ec2:CreateLaunchTemplate', input, members)
      return { LaunchTemplate: shown(create(store, input)) }
    },
    CreateLaunchTemplateVersion: (input: CreateLaunchTemplateVersionRequest) => {
      const members = [
        'ClientToken',
        'LaunchTemplateData',
        'LaunchTemplateId',
        'LaunchTemplateName',
        'VersionDescription',
      ]
      onlyMembers('ec2:CreateLaunchTemplateVersion', input, members)
      const template = named(store, input)
      template.versions.push(input.LaunchTemplateData ?? {})
      template.shape.LatestVersionNumber = template.versions.length
      const { LaunchTemplateId, LaunchTemplateName } = template.shape
      const VersionNumber = template.versions.length
      return { LaunchTemplateVersion: { LaunchTemplateId, LaunchTemplateName, VersionNumber } }
    },
    DescribeLaunchTemplates: (input: DescribeLaunchTemplatesRequest) => {
      const members = ['Filters', 'LaunchTemplateIds', 'MaxResults', 'NextToken']
      onlyMembers('ec2:DescribeLaunchTemplates', input, members)
      const { LaunchTemplateIds: ids, Filters: filters, NextToken: token, MaxResults } = input
      const asked = { ids, filters, token, limit: MaxResults ?? 200 }
      const { items, next } = find(launchTemplates, asked, FILTERS, noTemplate)
      return { LaunchTemplates: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    DeleteLaunchTemplate: (input: DeleteLaunchTemplateRequest) => {
      const template = named(store, input)
      launchTemplates.delete(template.id)
      return { LaunchTemplate: shown(template) }
    },
  }
}

function create(store: Ec2Store, input: CreateLaunchTemplateRequest): StoredTemplate {
  const { LaunchTemplateName = '' } = input
  if (
    [...store.launchTemplates.values()].some(
      ({ shape }) => shape.LaunchTemplateName === LaunchTemplateName,
    )
  ) {
    throw new AwsError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    )
  }
  const id = store.newId('lt')
  const shape: LaunchTemplate = {
    LaunchTemplateId: id,
    LaunchTemplateName,
    CreateTime: store.aws.world.date,
    DefaultVersionNumber: 1,
    LatestVersionNumber: 1,
  }
  const tags = store.tagsFor('launch-template', input.TagSpecifications)
  const kept = store.keep(store.launchTemplates, 'launch-template', { id, shape, tags })
  return Object.assign(kept, { versions: [input.LaunchTemplateData ?? {}] })
}

function named(
  { launchTemplates }: Ec2Store,
  { LaunchTemplateId: id, LaunchTemplateName: name }: Named,
): StoredTemplate {
  const found = [...launchTemplates.values()].find(
    ({ shape }) =>
      shape.LaunchTemplateId === id || (id === undefined && shape.LaunchTemplateName === name),
  )
  if (found !== undefined) return found
  if (id !== undefined) throw noTemplate(id)
  throw new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  )
}

/** A request to launch with what its template says; what both say, the request says last. */
export function fromTemplate(
  store: Ec2Store,
  { LaunchTemplate: asked, ...input }: RunInstancesRequest,
): RunInstancesRequest {
  if (asked === undefined) return input
  const { versions, shape } = named(store, asked)
  const version =
    asked.Version === '$Latest'
      ? versions.length
      : Number(asked.Version?.replace('$Default', '') || shape.DefaultVersionNumber)
  const data: RequestLaunchTemplateData | undefined = versions[version - 1]
  if (data === undefined) {
    const message = `Could not find launch template version ${version}`
    throw new AwsError('InvalidLaunchTemplateId.VersionNotFound', message)
  }
  const { MinCount, MaxCount, ...rest } = input
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    ...(withInterface(data) as Partial<RunInstancesRequest>),
    ...(Object.fromEntries(given) as Partial<RunInstancesRequest>),
    MinCount,
    MaxCount,
    TagSpecifications: [...(data.TagSpecifications ?? []), ...(input.TagSpecifications ?? [])],
  }
}

/** Auto Scaling puts the one interface of a template into the subnet that it has chosen. */
function withInterface({ NetworkInterfaces: interfaces, ...data }: RequestLaunchTemplateData) {
  if (interfaces === undefined || interfaces.length === 0) return data
  const [{ DeviceIndex = 0, Groups, AssociatePublicIpAddress, ...other } = {}, ...more] = interfaces
  if (more.length > 0 || DeviceIndex !== 0 || Object.keys(other).length > 0) {
    throw new NotImplemented('network interfaces but for the groups and the address of the first')
  }
  const given = { DeviceIndex, AssociatePublicIpAddress }
  return { ...data, SecurityGroupIds: Groups, NetworkInterfaces: [given] }
}
