import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Failure, Progress } from '../../domain/record.ts'
import { STATE, servicePartition } from '../../domain/record.ts'

/** The roll-out this was about is over, or is somebody else's now: nothing was written. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs'
}

/** What the watcher writes into Caretaker's table, each only while the roll-out is still ours. */
export class WatchLedger {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client
    this.#table = table
  }

  /** Keeps the token, so that the ECS event that settles the deployment finds whom to tell. */
  async keepToken(
    service: string,
    execution: string,
    watched: { token: string; deployment: string; taskDefinition: string; first: boolean },
  ): Promise<void> {
    await this.#update(
      { pk: servicePartition(service), sk: STATE },
      'SET rolling.#token = :token, rolling.deployment = :deployment, rolling.taskDefinition = :taskDefinition, rolling.#first = :first',
      'rolling.execution = :execution',
      {
        ':token': watched.token,
        ':deployment': watched.deployment,
        ':taskDefinition': watched.taskDefinition,
        ':first': watched.first,
        ':execution': execution,
      },
      { '#token': 'token', '#first': 'first' },
    )
  }

  /** The machine has been told; later events have nothing to say to this token. */
  async dropToken(service: string, token: string): Promise<void> {
    await this.#update(
      { pk: servicePartition(service), sk: STATE },
      'REMOVE rolling.#token',
      'rolling.#token = :token',
      { ':token': token },
      { '#token': 'token' },
    )
  }

  /** How far the deployment is, for whoever reads the record. */
  async progress(
    service: string,
    sk: string,
    progress: Progress,
    failure: Failure | undefined,
  ): Promise<void> {
    await this.#update(
      { pk: servicePartition(service), sk },
      `SET progress = :progress${failure === undefined ? '' : ', failure = :failure'}`,
      'verdict = :rollingOut',
      { ':progress': progress, ':failure': failure, ':rollingOut': 'rolling-out' },
    )
  }

  async #update(
    key: { pk: string; sk: string },
    UpdateExpression: string,
    ConditionExpression: string,
    values: Record<string, unknown>,
    ExpressionAttributeNames?: Record<string, string>,
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: marshall(key),
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
          ...(ExpressionAttributeNames === undefined ? {} : { ExpressionAttributeNames }),
        }),
      )
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error
      throw new NotOurs(`${key.pk} ${key.sk}: ${ConditionExpression} does not hold`)
    }
  }
}
