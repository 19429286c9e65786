import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'

/**
 * Whether an execution still runs.
 *
 * @param executionArn empty for none.
 */
export async function isRunning(sfn: SFNClient, executionArn: string): Promise<boolean> {
  if (executionArn === '') return false
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }))
    return status === 'RUNNING'
  } catch (error) {
    // Step Functions forgets an execution with its machine, or 90 days after its end.
    if ((error as Error).name === 'ExecutionDoesNotExist') return false
    throw error
  }
}
