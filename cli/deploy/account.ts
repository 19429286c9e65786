import {
  CloudFormationClient,
  type Stack as DeployedStack,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { Environment } from '../../catalog/schema.ts'
import { Problem } from '../problem.ts'

/** How SDK clients are made: the Region, and in tests the simulated AWS in place of the network. */
export type Configuration = { region: string }

export type Identity = { account: string; arn: string; name: string }

/** Errors of the SDK that mean: nobody is signed in, or no longer. */
const SIGNED_OUT =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/
const OFFLINE = /^(ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/

/**
 * Who the credentials belong to.
 *
 * @throws Problem when there are none, they have expired, or AWS cannot be reached.
 */
export async function whoAmI(configuration: Configuration): Promise<Identity> {
  try {
    const { Account = '', Arn = '' } = await new STSClient(configuration).send(
      new GetCallerIdentityCommand({}),
    )
    return { account: Account, arn: Arn, name: Arn.split('/').at(-1) ?? Arn }
  } catch (error) {
    throw explained(error as Error & { code?: string })
  }
}

function explained(error: Error & { code?: string }): Error {
  if (SIGNED_OUT.test(error.name)) {
    return new Problem(
      `There are no AWS credentials that work (${error.message}). Sign in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>. docs/getting-started.md says how to get a profile.`,
    )
  }
  if (OFFLINE.test(error.code ?? '') || error.name === 'TimeoutError') {
    return new Problem(`AWS cannot be reached (${error.message}). Are you offline, behind a proxy?`)
  }
  return error
}

/** @throws Problem when the catalog names another account than the credentials are for. */
export function checkAccount({ account, arn }: Identity, environment: Environment): void {
  if (environment.account === undefined || environment.account === account) return
  throw new Problem(
    `catalog/environment.yaml is for the account ${environment.account}; you are ${arn}, in ${account}. Sign in to the other account.`,
  )
}

/**
 * A stack as CloudFormation has it; undefined when there is none.
 *
 * @throws whatever CloudFormation answers otherwise.
 */
export async function deployedStack(
  configuration: Configuration,
  StackName: string,
): Promise<DeployedStack | undefined> {
  return unlessMissing(async () => {
    const answer = await new CloudFormationClient(configuration).send(
      new DescribeStacksCommand({ StackName }),
    )
    return answer.Stacks?.[0]
  })
}

/** CloudFormation has no error code for this, only a message. */
async function unlessMissing<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask()
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'ValidationError' && message.includes('does not exist')) return undefined
    throw error
  }
}

/** What `cdk bootstrap` made; its output says which version. */
export const BOOTSTRAP_STACK = 'CDKToolkit'
/** The oldest whose roles and bucket the templates can be deployed with. */
const BOOTSTRAP_VERSION = 6

export type Bootstrap = 'ready' | 'missing' | 'old'

/** Whether the account and Region are prepared for CDK. Pure. */
export function bootstrapOf(stack: DeployedStack | undefined): Bootstrap {
  if (stack === undefined || /^(DELETE|ROLLBACK|REVIEW)/.test(stack.StackStatus ?? '')) {
    return 'missing'
  }
  const version = stack.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')
  return Number(version?.OutputValue ?? 0) >= BOOTSTRAP_VERSION ? 'ready' : 'old'
}
