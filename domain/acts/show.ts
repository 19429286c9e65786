import * as z from 'zod/mini'
import { compiledCatalog } from '../compiled-catalog.ts'

/** What a program asks to be shown, to draw it: no words are made of it. */
export const show = z.union([
  z.literal('catalog'),
  z.literal('environment'),
  z.strictObject({ service: z.string().check(z.regex(/^[\w./:-]{1,200}$/)) }),
])
export type Show = z.infer<typeof show>

/** Who asks, by AWS, and what the catalog says of them. */
const standing = z.object({
  name: z.string(),
  teams: z.array(z.string()),
  operator: z.boolean(),
})

/** The catalog as it was deployed, and who asks. */
export const shownCatalog = z.object({
  catalog: compiledCatalog,
  who: standing,
  account: z.string(),
  /** ARN of the roll-out machine. */
  rollOut: z.string(),
})
export type ShownCatalog = z.infer<typeof shownCatalog>

/** An ECS service as ECS has it now. */
const shownService = z.object({
  /** `<cluster>/<service>` */
  id: z.string(),
  /** By the catalog, or by its tag. */
  team: z.string(),
  tags: z.record(z.string(), z.string()),
  taskDefinition: z.string(),
  desired: z.number(),
  running: z.number(),
  /** What it runs; absent: nothing of its own, or it is not known. */
  image: z.optional(z.object({ digest: z.string(), tag: z.optional(z.string()) })),
})
export type ShownService = z.infer<typeof shownService>

/** An item of the table, with its key; whoever reads it reads it by its kind. */
const item = z.record(z.string(), z.unknown())

/** How the environment is, and what Caretaker keeps of it. `at`: ISO 8601. */
export const shownEnvironment = z.object({
  at: z.string(),
  services: z.array(shownService),
  items: z.array(item),
  /** Tags of what sleeps and is no service of ECS, by the ids under which it is kept. */
  sleepers: z.record(z.string(), z.record(z.string(), z.string())),
  /** What could not be read, in words. */
  problems: z.array(z.string()),
})
export type ShownEnvironment = z.infer<typeof shownEnvironment>

/** More of one service. */
export const shownOfService = z.object({
  at: z.string(),
  items: z.array(item),
  /** Labels of the image that runs, as its build has written them. */
  labels: z.record(z.string(), z.string()),
})
export type ShownOfService = z.infer<typeof shownOfService>
