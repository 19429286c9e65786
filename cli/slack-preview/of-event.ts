import type { SlackMessage } from '../../local/outside/slack/slack.ts'
import { Simulation } from '../../local/simulation/simulation.ts'

/** An event as EventBridge hands it on. */
export type PreviewedEvent = {
  source: string
  'detail-type': string
  time?: string
  resources?: string[]
  detail: Record<string, unknown>
}

/** A message goes out within a minute; its chart comes by a later edit. */
const TOLD_MILLISECONDS = 3 * 60_000

export const isEvent = (content: Record<string, unknown>): boolean =>
  typeof content['detail-type'] === 'string' && typeof content.detail === 'object'

/**
 * What Slack shows after an event: it is put on the bus of a simulated environment of this catalog,
 * so that rule, function, record and notifier are those that are deployed.
 *
 * @returns the messages, and, where there is none, why not, as the functions have logged it.
 */
export async function messagesAfter(
  event: PreviewedEvent,
): Promise<{ messages: readonly SlackMessage[]; reasons: string[] }> {
  const start = new Date(event.time ?? '2026-03-02T09:00:00Z')
  const simulation = await Simulation.open({ seed: 1, start })
  const { aws, world, slack } = simulation
  const known = slack.messages.length
  const { source, 'detail-type': detailType, resources = [], detail } = event
  aws.emit({ source, detailType, resources, detail, delivery: 'durable' })
  await world.run(TOLD_MILLISECONDS)
  return { messages: slack.messages.slice(known), reasons: await reasonsIn(simulation) }
}

type Groups = { logGroups?: { logGroupName?: string }[] }
type Events = { events?: { message?: string }[] }

/** What the functions that take events have decided, and why. */
async function reasonsIn({ aws, start }: Simulation): Promise<string[]> {
  const by = { kind: 'person', name: 'preview' } as const
  const { logGroups = [] } = await aws.call<Groups>(
    'cloudwatch-logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: '/aws/lambda/', limit: 50 },
    by,
  )
  const reasons: string[] = []
  for (const { logGroupName = '' } of logGroups) {
    if (!/record-/.test(logGroupName)) continue
    const { events = [] } = await aws.call<Events>(
      'cloudwatch-logs',
      'FilterLogEvents',
      { logGroupName, startTime: start.getTime() },
      by,
    )
    for (const { message = '' } of events) {
      const line = parsed(message)
      if (line?.message !== 'decided') continue
      reasons.push([line.done, line.because].filter(Boolean).join(': '))
    }
  }
  return reasons
}

function parsed(text: string): { message?: string; done?: string; because?: string } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
