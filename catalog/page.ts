import { connectionsOf } from './connections.ts'
import { insideUrl, outsideUrl, urlVariable } from './endpoints.ts'
import { messagingVariables, ownerOfQueue, sendVariables } from './messaging.ts'
import type { Catalog, Environment, Service } from './schema.ts'
import { type SecretVariable, secretsOf } from './secrets.ts'
import { SUPPLIED, standardVariables } from './variables.ts'

/** What a reader wants to know of one service: where it is, whom it calls, what it finds. */
export function servicePage(service: Service, { environment, services }: Catalog): string {
  return [
    `<!-- Written by scripts/catalog.ts from catalog/services/${service.name}.yaml. -->`,
    `# ${service.name}`,
    '',
    introduction(service, environment),
    '',
    ...table(['from', 'address'], addresses(service, environment)),
    ...neighbours(service, services),
    ...overridden(service),
    '## What its container finds',
    '',
    ...table(['variable', 'value'], variables(service, services, environment)),
    '## At hand',
    '',
    '```sh',
    ...commands(service, environment),
    '```',
    '',
  ].join('\n')
}

const KIND: Record<Service['kind'], string> = {
  web: 'A web application',
  api: 'An API',
  worker: 'A worker',
  job: 'A job',
}

function introduction(service: Service, { teams, timeZone }: Environment): string {
  const { kind, team, cluster, runs } = service
  const channel = teams[team]?.channel ?? ''
  const when = runs === undefined ? '' : ` It runs at \`${runs}\`, ${timeZone}.`
  return `${KIND[kind]} of team ${team} (${channel}), on the ${cluster} cluster. ${imageOf(service)}${when}`
}

function imageOf({ image, deploy, repository }: Service): string {
  if (image !== undefined) {
    return `It runs the image \`${image}\` of somebody else: no push rolls it out, another digest in its file does.`
  }
  const takes = deploy === 'off' ? 'no pushes' : `\`${deploy}\` of the repository \`${repository}\``
  return `It takes ${takes}.`
}

function addresses(service: Service, environment: Environment): string[][] {
  const inside = insideUrl(service, environment)
  const outside = outsideUrl(service, environment)
  const { name } = service
  return [
    ...(inside === undefined
      ? [['other services', 'none: it does not listen']]
      : [
          ['other services', `\`${inside}\``],
          ['a file with `dependsOn`', `the variable \`${urlVariable(name)}\``],
          ['DNS', `\`${name}.${environment.namespace}\`, an A record per healthy task`],
        ]),
    ['outside', outside === undefined ? 'none' : `\`${outside}\``],
  ]
}

/** What the templates say otherwise than the catalog's keys alone would have them say. */
function overridden({ override }: Service): string[] {
  if (override === undefined) return []
  const { task = {}, service = {}, containers = {} } = override
  const named = [
    ...Object.keys(task).map((key) => `${key} of the task definition`),
    ...Object.keys(service).map((key) => `${key} of the ECS service`),
    ...Object.entries(containers).flatMap(([name, properties]) =>
      Object.keys(properties).map((key) => `${key} of the container ${name}`),
    ),
  ]
  return [`Its file sets by CloudFormation’s names: ${named.join(', ')}.`, '']
}

function neighbours({ name, dependsOn }: Service, services: readonly Service[]): string[] {
  const link = (other: string) => `[${other}](${other}.md)`
  const callers = services.filter((one) => one.dependsOn.includes(name)).map((one) => one.name)
  return [
    `It calls ${dependsOn.map(link).join(', ') || 'nobody'}; it is called by ${callers.map(link).join(', ') || 'nobody'}.`,
    '',
  ]
}

function variables(
  service: Service,
  services: readonly Service[],
  environment: Environment,
): string[][] {
  const supplied = (Object.keys(SUPPLIED) as (keyof typeof SUPPLIED)[])
    .filter((need) => service[need])
    .flatMap((need) => SUPPLIED[need].map((variable) => [`\`${variable}\``, `of its ${need}`]))
  return [
    ...Object.entries(standardVariables(service, services, environment)).map(([name, value]) => [
      `\`${name}\``,
      `\`${value}\``,
    ]),
    ...supplied,
    ...secretsOf(service).map((secret) => [
      `\`${secret.name}\``,
      whereItIs(secret, service.name, environment.name),
    ]),
    ...connectionsOf(service).map(({ store, name, written }) => [
      `\`${name}\``,
      `\`${written}\` of its ${store}`,
    ]),
    ...messagingVariables(service).map((name) => [`\`${name}\``, 'of its own queue or topic']),
    ...sendVariables(service, (name) => ownerOfQueue(services, name) !== undefined).map((name) => [
      `\`${name}\``,
      'of what it sends to',
    ]),
    ...Object.entries(service.aliases).map(([name, of]) => [`\`${name}\``, `what \`${of}\` is`]),
  ]
}

function whereItIs({ name, from }: SecretVariable, service: string, environment: string): string {
  if (from === 'new') return `the secret \`${environment}/${service}/${name}\``
  const { parameter, secret, key, of } = from
  if (parameter !== undefined) return `the parameter \`${parameter}\``
  const named = of === undefined ? (secret ?? '') : `${environment}/${of}/${name}`
  return `the secret \`${named}\`${key === undefined ? '' : `, its key \`${key}\``}`
}

function commands(
  { name, cluster, kind, exec }: Service,
  { name: environment }: Environment,
): string[] {
  const log = `aws logs tail /${environment}-${name} --follow`
  if (kind === 'job' || !exec) return [log]
  const ecs = `--cluster ${environment}-${cluster}`
  return [
    log,
    `task=$(aws ecs list-tasks ${ecs} --service-name ${name} --query 'taskArns[0]' --output text)`,
    `aws ecs execute-command ${ecs} --task "$task" --container ${name} --interactive --command sh`,
  ]
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '']
}
