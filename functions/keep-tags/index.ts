import { lambda } from '../shared/handler.ts'
import { environment, event } from './contract.ts'
import { seeMade } from './made.ts'
import { sourcesOf } from './sources.ts'
import { sweepTags } from './sweep.ts'

/**
 * Sees to the tags that the catalog requires: of what was made just now, and once a day of
 * everything that is watched. What is true is read then; an event says where to look and who it was.
 */
export const handler = lambda({
  name: 'keep-tags',
  environment,
  event,
  async run(input, tools) {
    const { features, tags: policy } = tools.catalog()
    const nothing = (because: string) => ({ done: 'nothing', because })
    const done =
      features.tags === 'off'
        ? nothing('tags are off')
        : policy === undefined
          ? nothing('the catalog watches nothing')
          : 'sweep' in input
            ? await sweepTags(sourcesOf(tools, policy))
            : await seeMade(sourcesOf(tools, policy), input)
    tools.log.info('decided', done)
    return done
  },
})
