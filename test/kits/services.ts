import { readFileSync } from 'node:fs'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from './catalog.ts'
import { only, type Template, template } from './synth.ts'

type Properties = Record<string, unknown>

/** The stack of one service of the repository's catalog. */
export const stackOf = (service: string): Promise<Template> => template(`DevService-${service}`)

/** The stack of a service made of this file alone; others by name, for what it depends on. */
export async function stackOfFile(
  yaml: string,
  others: Record<string, string> = {},
): Promise<Template> {
  return template('DevService-one', templatesOfFiles({ ...others, one: yaml }))
}

/**
 * The stack of one of several services that do not touch each other: one catalog serves a table.
 *
 * @param files each service's file, by what the test says of it.
 * @returns its name too.
 */
export async function stackAmong(
  files: readonly (readonly [what: string, yaml: string])[],
  what: string,
  environment = '',
): Promise<{ name: string; stack: Template }> {
  const nameOf = (index: number) => `service-${index}`
  const services = Object.fromEntries(files.map(([, yaml], index) => [nameOf(index), yaml]))
  const name = nameOf(files.findIndex(([each]) => each === what))
  return {
    name,
    stack: await template(`DevService-${name}`, templatesOfFiles(services, environment)),
  }
}

/** The templates of services by name, with some lines added to the repository's environment. */
export function templatesOfFiles(
  services: Record<string, string>,
  environment = '',
): Promise<string> {
  const files = Object.entries(services).map(([name, text]) => [`services/${name}.yaml`, text])
  return templatesOf(
    catalogOf({
      ...Object.fromEntries(files),
      'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8')}${environment}`,
    }),
    { isValidated: true },
  )
}

export const ecsService = (stack: Template): Properties => only(stack, 'AWS::ECS::Service')

/** The task definition that runs the service, not the one that prepares its database. */
export const taskDefinition = (stack: Template): Properties =>
  only(stack, 'AWS::ECS::TaskDefinition', ({ Family }) => !String(Family).endsWith('-database'))

export type Container = Properties & {
  Environment: { Name: string; Value: unknown }[]
  Secrets?: { Name: string; ValueFrom: unknown }[]
}

export function container(definition: Properties): Container {
  return (definition.ContainerDefinitions as Container[])[0] as Container
}

/** What a role may do, by its name without the environment. */
export function allowed(stack: Template, role: string): Record<string, unknown>[] {
  const id = Object.entries(stack.Resources).find(
    ([, { Properties }]) => Properties.RoleName === `dev-${role}`,
  )?.[0]
  return Object.values(stack.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) =>
      (Properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === id),
    )
    .flatMap(
      ({ Properties }) =>
        (Properties.PolicyDocument as { Statement: Record<string, unknown>[] }).Statement,
    )
}

/** The actions of a role, sorted. */
export const actions = (stack: Template, role: string): string[] =>
  allowed(stack, role)
    .flatMap(({ Action }) => Action as string | string[])
    .toSorted()
