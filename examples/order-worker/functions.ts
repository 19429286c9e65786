import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { FunctionTools } from 'caretaker/local-aws'

/**
 * The code of the two functions. On Lambda, `handler = worker(onLambda)`, where `onLambda.client` is
 * `(Kind) => new Kind({})`; in a test, what it is given calls the local AWS.
 */
type Queued = { Records: { messageId: string; body: string }[] }

/** Starts a shipment for each order; the name makes that the same order starts it once. */
export const worker = ({ client, environment }: Pick<FunctionTools, 'client' | 'environment'>) => {
  const sfn = client(SFNClient)
  return async ({ Records }: Queued) => {
    for (const { body } of Records) {
      const { id } = JSON.parse(body) as { id: string }
      const input = JSON.stringify({ id })
      const stateMachineArn = environment.SHIPPING
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name: id, input }))
    }
  }
}

/** Says in the log how many orders were shipped. */
export const report = ({ client, environment, log }: Omit<FunctionTools, 'newId' | 'pause'>) => {
  const dynamodb = client(DynamoDBClient)
  return async () => {
    const { Count = 0 } = await dynamodb.send(new ScanCommand({ TableName: environment.TABLE }))
    log(`${Count} shipped`)
  }
}
