import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { secretsOf } from '../../catalog/secrets.ts'
import { configurationOf, explained } from '../asking/configuration.ts'
import { type PlaceOptions, placeOf } from '../asking/place.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'
import { oneOf, serviceNamed } from './catalog.ts'

type Options = PlaceOptions & { restart?: boolean | undefined }

/**
 * Puts a value into a secret that the service's file names. The value is typed unseen or piped in:
 * what stands in a command stays in the shell's history.
 *
 * @throws UsageError for a secret the file does not name, or an empty value; nothing was done.
 */
export async function setSecret(
  name: string,
  secret: string,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const service = serviceNamed(name, options.catalog)
  const { cluster } = service
  // The value of one that exists already is changed where it is.
  const own = secretsOf(service).filter(({ from }) => from === 'new')
  oneOf(
    `secret of ${name}`,
    secret,
    own.map((one) => one.name),
  )
  const place = await placeOf(options, terminal)
  const id = `${place.environment}/${name}/${secret}`
  const value = await terminal.hidden(`The value of ${id}, which is not shown:`)
  if (value === '') throw new UsageError(`The value of ${id}: found nothing, allowed: a text`)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  try {
    const configuration = await configurationOf(place)
    const put = new PutSecretValueCommand({ SecretId: id, SecretString: value })
    await new SecretsManagerClient(configuration).send(put)
    if (!options.restart) {
      terminal.say(
        `Done: ${id} has a new value. Tasks read it when they start: with --restart they are replaced now.`,
      )
      return 0
    }
    const restart = { cluster: `${place.environment}-${cluster}`, service: name }
    await new ECSClient(configuration).send(
      new UpdateServiceCommand({ ...restart, forceNewDeployment: true }),
    )
    terminal.say(`Done: ${id} has a new value, and the tasks of ${name} are replaced.`)
    return 0
  } catch (error) {
    throw explained(error, place)
  }
}
