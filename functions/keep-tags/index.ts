import type { TagPolicy } from '../../domain/tagging/policy.ts'
import { DETAIL_TYPE } from '../../events/resource-owned.ts'
import { lambda } from '../shared/handler.ts'
import { environment, event, isSession } from './contract.ts'
import { seeMade } from './made.ts'
import { seeOwned } from './owned.ts'
import { seeSession } from './sessions.ts'
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
    const see = (given: TagPolicy) => {
      const sources = sourcesOf(tools, given)
      if ('sweep' in input) return sweepTags(sources)
      if (input['detail-type'] === DETAIL_TYPE) return seeOwned(sources, input.detail.resource)
      return isSession(input) ? seeSession(sources, input) : seeMade(sources, input)
    }
    const done =
      features.tags === 'off'
        ? nothing('tags are off')
        : policy === undefined
          ? nothing('the catalog watches nothing')
          : await see(policy)
    tools.log.info('decided', done)
    return done
  },
})
