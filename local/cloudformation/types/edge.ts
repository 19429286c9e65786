import { nameFrom, standIn, type TypeTable } from '../resource-type.ts'

const NAMES = 'Names outside the environment are not looked up.'
const CERTIFICATE = 'Requests inside the simulation are not encrypted.'
const FILTER = 'Every request inside the simulation is a welcome one.'

const zoneId = (context: { hex(digits: number): string }): string =>
  `Z${context.hex(20).toUpperCase()}`

/** What stands between the internet and the load balancer. */
export const EDGE: TypeTable = {
  'AWS::Route53::HostedZone': standIn(NAMES, zoneId, ({ ref }) => ({
    Id: ref,
    NameServers: [1, 2, 3, 4].map((server) => `ns-${server}.awsdns-0${server}.com`),
  })),
  'AWS::Route53::RecordSet': standIn(NAMES, (_, { Name }) => String(Name)),
  'AWS::Route53::RecordSetGroup': standIn(NAMES, nameFrom('')),
  'AWS::CertificateManager::Certificate': standIn(
    CERTIFICATE,
    (context) => context.aws.arn('acm', `certificate/${context.uuid()}`),
    ({ ref }) => ({ CertificateArn: ref }),
  ),
  'AWS::WAFv2::WebACL': standIn(
    FILTER,
    (context, { Name, Scope }) =>
      `${context.name(Name, { most: 128 })}|${context.uuid()}|${Scope ?? 'REGIONAL'}`,
    ({ ref, context }) => {
      const [name, id] = ref.split('|')
      return { Arn: context.aws.arn('wafv2', `regional/webacl/${name}/${id}`), Id: id, Capacity: 1 }
    },
  ),
  'AWS::WAFv2::IPSet': standIn(
    FILTER,
    (context, { Name, Scope }) =>
      `${context.name(Name, { most: 128 })}|${context.uuid()}|${Scope ?? 'REGIONAL'}`,
    ({ ref, context }) => {
      const [name, id] = ref.split('|')
      return { Arn: context.aws.arn('wafv2', `regional/ipset/${name}/${id}`), Id: id }
    },
  ),
  'AWS::WAFv2::WebACLAssociation': standIn(
    FILTER,
    (_, { WebACLArn, ResourceArn }) => `${WebACLArn}|${ResourceArn}`,
  ),
  'AWS::WAFv2::LoggingConfiguration': standIn(FILTER, (_, { ResourceArn }) => String(ResourceArn)),
}
