import * as z from 'zod/mini'

/**
 * What the entrance answers. `mistake`: something that was named is not there. `undo`: the command
 * that undoes what was done. `until`: ISO 8601, until when it holds. `data`: what the text says, for a program.
 */
export const answer = z.object({
  outcome: z.enum(['read', 'refused', 'done', 'started']),
  text: z.string(),
  mistake: z.optional(z.boolean()),
  receipt: z.optional(z.string()),
  undo: z.optional(z.string()),
  until: z.optional(z.string()),
  data: z.optional(z.record(z.string(), z.unknown())),
})

export type Answer = z.infer<typeof answer>

/** What became of one push, as `history` tells it. Times are ISO 8601; `by`: who asked for it. */
const rollOut = z.object({
  at: z.string(),
  endedAt: z.optional(z.string()),
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  verdict: z.string(),
  reason: z.string(),
  by: z.optional(z.string()),
})
export type RollOut = z.infer<typeof rollOut>

/** The data of `history`: the digest that runs now, and the roll-outs, the newest first. */
export const historyData = z.object({
  service: z.string(),
  runs: z.optional(z.string()),
  rollOuts: z.array(rollOut),
})
export type History = z.infer<typeof historyData>

/** The data of `logs`: lines in their order, of this task. */
export const logsData = z.object({
  service: z.string(),
  task: z.optional(z.string()),
  lines: z.array(z.object({ at: z.string(), message: z.string() })),
})
