/** What has made a resource, as far as AWS shows. */
export const MAKERS = [
  'caretaker',
  'copilot',
  'cdk',
  'console',
  'cloudformation',
  'terraform-module',
  'cloudposse',
  'terraform',
  'beanstalk',
  'kubernetes',
  'unknown',
] as const
export type Maker = (typeof MAKERS)[number]

/** How it came to be, and the sign from which that is taken. */
export type Origin = {
  maker: Maker
  /** `certain`: AWS or the tool itself writes the sign. `likely`: a habit of people's. */
  sure: 'certain' | 'likely' | 'unknown'
  sign: string
}

/** What tells how a resource came to be. */
export type Signs = {
  tags: Readonly<Record<string, string>>
  /** The stack of CloudFormation that its tags name, and whether CDK has made that. */
  stack?: { name: string; isCdk: boolean } | undefined
  /** Names of its roles. */
  roles?: readonly string[]
  /** Who has made it, as ECS says: an ARN. */
  createdBy?: string | undefined
}

export const STACK_NAME = 'aws:cloudformation:stack-name'
export const COPILOT = 'copilot-application'

/** The stacks that the ECS console makes for those who click. */
const CONSOLE = /^(ECS-Console-V2-|EC2ContainerService-)/
/** What Terraform adds to a `name_prefix`: https://github.com/hashicorp/terraform-plugin-sdk (`id.PrefixedUniqueId`). */
const TERRAFORM_SUFFIX = /-\d{26}$/
/** Tags by which people say that Terraform has made something. */
const TERRAFORM_TAG = /^(terraform|tf|managed[-_: ]?by|created[-_: ]?by|provisioner|iac)$/i
const TERRAFORM_ROLE = /terraform|atlantis|spacelift|terragrunt|opentofu/i

/**
 * How a resource came to be, the strongest sign first; `unknown` where there is none. ecspresso,
 * GitHub's action and the command line leave no sign.
 */
export function originOf({ tags, stack, roles = [], createdBy }: Signs): Origin {
  const certain = (maker: Maker, sign: string): Origin => ({ maker, sure: 'certain', sign })
  const likely = (maker: Maker, sign: string): Origin => ({ maker, sure: 'likely', sign })
  const said = (key: string) => `its tag ${key} is ${JSON.stringify(tags[key])}`
  if (COPILOT in tags) return certain('copilot', said(COPILOT))
  const name = stack?.name ?? tags[STACK_NAME]
  if (name !== undefined) {
    if ('caretaker:service' in tags || 'caretaker:environment' in tags) {
      return certain('caretaker', `the stack ${name} gives it tags of Caretaker's`)
    }
    if (stack?.isCdk) return certain('cdk', `the stack ${name} was made by CDK`)
    if (CONSOLE.test(name)) return likely('console', `the stack is called ${name}`)
    return certain('cloudformation', `it belongs to the stack ${name}`)
  }
  const [beanstalk] = keysLike(tags, /^elasticbeanstalk:/)
  if (beanstalk !== undefined) return certain('beanstalk', said(beanstalk))
  const [kubernetes] = keysLike(tags, /^(eks:|kubernetes\.io\/)/)
  if (kubernetes !== undefined) return certain('kubernetes', said(kubernetes))
  const suffixed = roles.find((role) => TERRAFORM_SUFFIX.test(role))
  if (suffixed !== undefined) {
    return likely('terraform-module', `its role ${suffixed} ends as Terraform's name_prefix does`)
  }
  if (isLabelled(tags)) {
    return likely('cloudposse', 'it carries the tags Namespace, Stage and Name of cloudposse')
  }
  const [own] = keysLike(tags, TERRAFORM_TAG).filter(
    (key) => /terraform|opentofu|^true$/i.test(tags[key] ?? '') || /^terraform$/i.test(key),
  )
  if (own !== undefined) return likely('terraform', said(own))
  if (createdBy !== undefined && TERRAFORM_ROLE.test(createdBy)) {
    return likely('terraform', `it was made by ${createdBy}`)
  }
  const by = createdBy === undefined ? '' : `; it was made by ${createdBy}`
  return { maker: 'unknown', sure: 'unknown', sign: `no tag and no stack says${by}` }
}

const keysLike = (tags: Signs['tags'], pattern: RegExp): string[] =>
  Object.keys(tags)
    .filter((key) => pattern.test(key))
    .toSorted()

/** https://github.com/cloudposse/terraform-null-label: the name is made of the other tags. */
const isLabelled = ({ Namespace, Stage, Name }: Signs['tags']): boolean =>
  Namespace !== undefined &&
  Stage !== undefined &&
  Name?.startsWith(`${Namespace}-`) === true &&
  Name.includes(Stage)
