import { TagWorld, tagCatalog } from '../kits/tag-worlds.ts'
import { recorded, type Story } from './story.ts'

/** Keys with defaults, which may be written; marked the next day, and never stopped. */
const POLICY = `  required: { stage: { values: [try, keep], default: try } }
  ladder: { upTo: mark, markAfter: 1, stopAfter: 3 }
`

/** Somebody starts two instances: one lacks a tag, the other has a value that is not allowed. */
const wrongTag: Story = async (open) => {
  const { stage, recording } = await recorded(() => open(tagCatalog('act', POLICY)))
  const world = TagWorld.on(stage)
  await world.pastReports()
  const ann = await world.person('ann@example.com')
  await world.launch(ann, { Name: 'without' })
  await world.launch(ann, { Name: 'wrong', stage: 'production' })
  await world.nextSweep(2)
  return { trace: recording.trace({ settled: true }) }
}

export const TAG_STORIES = { wrongTag }
