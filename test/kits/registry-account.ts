import { afterEach } from 'vitest'
import type { Aws } from '../../local/aws/aws.ts'
import { Ecr } from '../../local/aws/ecr/ecr.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'
import { Account, PERSON } from './account.ts'
import { RegistryClient } from './registry-client.ts'

const open: Endpoint[] = []

/** Serves an account until the test that asked for it has ended. */
export async function served({ aws }: Account): Promise<string> {
  const endpoint = await serve(aws, { port: 0 })
  open.push(endpoint)
  return endpoint.url
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()))
})

/** The password of whoever asks. */
export async function passwordOf({ aws }: { aws: Aws }, caller = PERSON): Promise<string> {
  const { authorizationData } = await aws.call<{
    authorizationData: { authorizationToken: string }[]
  }>('ecr', 'GetAuthorizationToken', {}, caller)
  const token = authorizationData[0]?.authorizationToken ?? ''
  return Buffer.from(token, 'base64').toString().slice('AWS:'.length)
}

/** A registry of these repositories, for whoever closes it. */
export async function registryServed(repositories: readonly string[]) {
  const account = new Account()
  account.aws.register(new Ecr(account.aws))
  for (const repositoryName of repositories) {
    await account.call('ecr', 'CreateRepository', { repositoryName })
  }
  const { url, close } = await serve(account.aws, { port: 0 })
  return { account, url, close, password: await passwordOf(account) }
}

/** An account with a registry, its repository `orders`, and a client that may push into it. */
export async function registryAccount() {
  const account = new Account()
  const ecr = new Ecr(account.aws)
  account.aws.register(ecr)
  await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
  const url = await served(account)
  const client = new RegistryClient(url, await passwordOf(account))
  const pushed = () =>
    account.events
      .filter(({ detailType }) => detailType === 'ECR Image Action')
      .map(({ detail }) => detail)
  return { account, ecr, url, client, pushed }
}
