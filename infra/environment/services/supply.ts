import type { SecretValue } from 'aws-cdk-lib'
import type {
  ContainerDefinitionOptions,
  Secret as EcsSecret,
  EfsVolumeConfiguration,
} from 'aws-cdk-lib/aws-ecs'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'

/** Secrets or parameters that exist already, and the key that encrypts them if it is not AWS's own. */
export type Readable = { kind: 'secret' | 'parameter'; arns: string[]; key?: string }

/** What one line of a service's file (`database`, `cache`, `bucket`…) adds to its task. */
export type Supply = {
  variables?: Record<string, string>
  /** Variables whose values ECS reads from Secrets Manager when it starts the task. */
  secrets?: Record<string, EcsSecret>
  /** The secrets those are in; the execution role may read these and no others. */
  readable?: ISecret[]
  /** What somebody else has made; the execution role may read these too. */
  existing?: Readable[]
  /** What the code in the container may do; nothing unless the file asks. */
  permissions?: PolicyStatement[]
  /** The resources among them that hold a `*`, each with the reason for a reviewer. */
  wildcards?: { resource: string; reason: string }[]
  /** The actions among them that hold a `*`, likewise. */
  wildActions?: { action: string; reason: string }[]
  /** What its file may give names of its own to (`as`). */
  connection?: {
    values: Record<string, string>
    /** The parts that are secret: for a text that is put together, and alone. */
    secrets: Record<string, { value: SecretValue; own: EcsSecret }>
  }
  volume?: { name: string; path: string; readOnly: boolean; efs: EfsVolumeConfiguration }
  /** A container beside the service's own. */
  sidecar?: ContainerDefinitionOptions & { name: string }
}

/** What a container of the service's own image is made of. */
export type ContainerProps = Pick<ContainerDefinitionOptions, 'image' | 'dockerLabels'> & {
  environment: Record<string, string>
  secrets: Record<string, EcsSecret>
}

/** Variables and secrets with the further names that a file gives them. */
export function withAliases(
  { variables, secrets }: Pick<ReturnType<typeof together>, 'variables' | 'secrets'>,
  aliases: Readonly<Record<string, string>>,
) {
  const copies = <Value>(from: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(aliases).flatMap(([alias, of]): [string, Value][] => {
        const value = from[of]
        return value === undefined ? [] : [[alias, value]]
      }),
    )
  return {
    environment: { ...variables, ...copies(variables) },
    secrets: { ...secrets, ...copies(secrets) },
  }
}

/** Several supplies as one. */
export function together(supplies: readonly Supply[]) {
  return {
    variables: Object.assign({}, ...supplies.map(({ variables }) => variables)) as Record<
      string,
      string
    >,
    secrets: Object.assign({}, ...supplies.map(({ secrets }) => secrets)) as Record<
      string,
      EcsSecret
    >,
    readable: supplies.flatMap(({ readable = [] }) => readable),
    existing: supplies.flatMap(({ existing = [] }) => existing),
    permissions: supplies.flatMap(({ permissions = [] }) => permissions),
    wildcards: supplies.flatMap(({ wildcards = [] }) => wildcards),
    wildActions: supplies.flatMap(({ wildActions = [] }) => wildActions),
    sidecars: supplies.flatMap(({ sidecar }) => (sidecar === undefined ? [] : [sidecar])),
    volumes: supplies.flatMap(({ volume }) => (volume === undefined ? [] : [volume])),
  }
}
