import type { Request, Trace } from './trace.ts'

/** What the entrance for Slack has handed on: under which id, and the request that it came in. */
export function handedOn({ calls, requests }: Trace): { id: string; request: Request }[] {
  const received = new Map(
    requests.filter(({ entrance }) => entrance === 'receive-slack').map((one) => [one.run, one]),
  )
  return calls.flatMap(({ run, operation, outcome, input }) => {
    const request = received.get(run)
    if (request === undefined || operation !== 'Invoke' || outcome !== 'ok') return []
    const { id = '' } = JSON.parse(Buffer.from(input.Payload as Uint8Array).toString('utf8'))
    return [{ id, request }]
  })
}
