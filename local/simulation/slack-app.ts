import type { Aws, Caller } from '../aws/aws.ts'
import type { Deployed } from '../cloudformation/deployed.ts'
import type { Internet } from '../outside/internet.ts'
import type { Slack } from '../outside/slack/slack.ts'

/** Who puts Slack's secrets where they belong, as docs/slack.md says. */
const OPERATOR: Caller = { kind: 'person', name: 'operator' }

/** What docs/slack-app-manifest.yaml asks for. */
export const SCOPES = [
  ...['chat:write', 'channels:read', 'groups:read', 'channels:history', 'groups:history'],
  ...['commands', 'app_mentions:read', 'files:write', 'users:read'],
] as const

/** Somebody sets the Slack app up: the token, the signing secret, the request URL. */
export async function connectSlack(
  { aws, slack, internet }: { aws: Aws; slack: Slack; internet: Internet },
  { stacks }: Deployed,
): Promise<void> {
  const resources = stacks.flatMap((stack) => stack.resources)
  const put = async (name: RegExp, SecretString: string) => {
    const secret = resources.find(
      ({ type, physicalId }) => type.endsWith('::Secret') && name.test(physicalId),
    )
    if (secret === undefined) return
    const value = { SecretId: secret.physicalId, SecretString }
    await aws.call('secrets-manager', 'PutSecretValue', value, OPERATOR)
  }
  await put(/caretaker\/slack-\w{6}$/, slack.token)
  await put(/caretaker\/slack-signing-\w{6}$/, slack.app.signingSecret)
  const url = stacks
    .flatMap(({ outputs }) => Object.entries(outputs))
    .find(([name]) => name === 'ReceiveSlackUrl')?.[1]
  if (typeof url !== 'string') return
  slack.connect({
    urls: { interactions: url, commands: url, events: url },
    events: ['app_mention'],
    deliver: (request) => internet.deliver(request),
  })
}
