import * as z from 'zod/mini'

const ids = {
  /** Of this request, however often it comes; the receipt's id. */
  id: z.string(),
  /** When Slack sent it, or when it happened: ISO 8601. */
  at: z.string(),
  /** Slack's ids of the workspace, the person and the channel. */
  team: z.string(),
  user: z.string(),
  channel: z.string(),
}

/** Slack's addresses for answers, and no other: a request of ours must not go anywhere else. */
const responseUrl = z.string().check(z.startsWith('https://hooks.slack.com/'))

/** What somebody did in Slack, as the entrance hands it on: it was signed, and came once. */
export const asked = z.discriminatedUnion('kind', [
  z.object({
    ...ids,
    kind: z.literal('press'),
    /** The intent's id: all that a button carries. */
    intent: z.string(),
    responseUrl,
    /** The message that was pressed in; absent where only one person sees it. */
    message: z.optional(z.object({ text: z.string(), blocks: z.array(z.looseObject({})) })),
  }),
  z.object({ ...ids, kind: z.literal('command'), text: z.string(), responseUrl }),
  z.object({
    ...ids,
    kind: z.literal('mention'),
    text: z.string(),
    /** `ts` of the message whose thread it was written in, or of the message itself. */
    thread: z.string(),
  }),
])
export type Asked = z.infer<typeof asked>
