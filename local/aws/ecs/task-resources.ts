import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { Iam } from '../iam/iam.ts'
import { isInEcr } from './image.ts'
import type { Task } from './model.ts'
import type { EcsState } from './state.ts'

/**
 * What a task needs before its images are pulled: a login to ECR, and the values of its secrets.
 * Both are fetched with the execution role, if the definition names one that there is. From which
 * repositories it may pull is not asked: scenarios add services by hand with the roles of others.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 *
 * @returns why the task cannot start, in the words of
 *   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
export async function fetchResources(ecs: EcsState, task: Task): Promise<string | undefined> {
  const { executionRoleArn: roleArn, containerDefinitions = [] } = task.definition.shape
  if (roleArn === undefined || ecs.aws.find(Iam)?.findRole(roleArn) === undefined) return undefined
  const caller: Caller = { kind: 'aws', name: 'ecs-tasks', roleArn, sourceArn: task.arn }
  try {
    await logIn(ecs, caller, containerDefinitions)
    for (const { valueFrom = '' } of containerDefinitions.flatMap(secretsOf)) {
      await fetchSecret(ecs, caller, valueFrom)
    }
    return undefined
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${error.message}`
  }
}

class Refused extends Error {
  override readonly name = 'Refused'
}

const secretsOf = ({ secrets = [], logConfiguration }: ContainerDefinition) => [
  ...secrets,
  ...(logConfiguration?.secretOptions ?? []),
]

async function logIn(
  ecs: EcsState,
  caller: Caller,
  containers: readonly ContainerDefinition[],
): Promise<void> {
  const { region } = ecs.aws
  const images = containers.map(({ image = '' }) => image).filter((image) => isInEcr(image, region))
  if (images.length === 0 || !ecs.aws.answers('ecr')) return
  const why = 'unable to retrieve ecr registry auth'
  await asked(why, () => ecs.aws.call('ecr', 'GetAuthorizationToken', {}, caller))
}

/** A secret's ARN, perhaps with the name of a JSON member, or a parameter's ARN or name. */
async function fetchSecret(ecs: EcsState, caller: Caller, valueFrom: string): Promise<void> {
  const [, , service] = valueFrom.split(':')
  if (service !== 'secretsmanager') return fetchParameter(ecs, caller, valueFrom)
  if (!ecs.aws.answers('secrets-manager')) return
  const parts = valueFrom.split(':')
  const [SecretId, [key = '', stage = '', version = '']] = [
    parts.slice(0, 7).join(':'),
    parts.slice(7),
  ]
  const input = {
    SecretId,
    ...(stage === '' ? {} : { VersionStage: stage }),
    ...(version === '' ? {} : { VersionId: version }),
  }
  const why = `unable to retrieve secret from asm: failed to fetch secret ${SecretId} from secrets manager`
  const { SecretString = '' } = await asked(why, () =>
    ecs.aws.call<{ SecretString?: string }>('secrets-manager', 'GetSecretValue', input, caller),
  )
  if (key !== '' && !hasMember(SecretString, key)) {
    throw new Refused(`retrieved secret from Secrets Manager did not contain json key ${key}`)
  }
}

function hasMember(text: string, key: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  } catch {
    return false
  }
}

async function fetchParameter(ecs: EcsState, caller: Caller, valueFrom: string): Promise<void> {
  if (!ecs.aws.answers('ssm')) return
  const [, path] = valueFrom.split(':parameter/')
  // The ARN of a name with slashes has one slash for both.
  const Name = path === undefined ? valueFrom : path.includes('/') ? `/${path}` : path
  const input = { Names: [Name], WithDecryption: true }
  const { InvalidParameters = [] } = await asked('unable to retrieve secrets from ssm', () =>
    ecs.aws.call<{ InvalidParameters?: string[] }>('ssm', 'GetParameters', input, caller),
  )
  if (InvalidParameters.length === 0) return
  throw new Refused(
    `unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: ${InvalidParameters.join(', ')}`,
  )
}

/** @throws Refused unless the call is answered, or refused with one of these errors. */
async function asked<Output>(
  why: string,
  call: () => Promise<Output>,
  taken: readonly string[] = [],
): Promise<Output> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (taken.includes(error.name)) return {} as Output
    throw new Refused(
      `${why}: service call has been retried 1 time(s): ${error.name}: ${error.message}`,
    )
  }
}
