import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { standingOf } from '../../domain/acts/who.ts'
import { actingFor } from '../shared/acts/acting.ts'
import { answerTo } from '../shared/acts/carry-out.ts'
import { lambda } from '../shared/handler.ts'
import { Token } from '../shared/slack/token.ts'
import { environment, event } from './contract.ts'
import { buttonsOf } from './offers.ts'
import { press } from './press.ts'
import { type Reply, respond, write } from './say.ts'
import { sayZone, type Zones, zoneOf } from './zone.ts'

/**
 * Carries out what somebody asked for in Slack, and answers there. What was done has a receipt under
 * the request's own id: invoked once more for the same, it says the same again.
 *
 * @throws what another attempt may not meet: Lambda tries twice more, then it is a dead letter.
 */
export const handler = lambda({
  name: 'answer-slack',
  environment,
  event,
  async run(asked, tools) {
    const { client, environment: settings, fetch, log } = tools
    const { at, id } = asked
    const who = standingOf(tools.catalog(), { kind: 'slack', id: `${asked.team}/${asked.user}` })
    const token = tools.once(
      'token',
      () => new Token(client(SecretsManagerClient), settings.SLACK_SECRET),
    )
    const zones = tools.once<Zones>('zones', () => new Map())
    const zone = await zoneOf({ token, zones, fetch, log, now: tools.now }, asked)
    const own = zone !== undefined && 'zone' in zone ? { zone: zone.zone } : {}
    const acting = actingFor(tools, { who, via: 'slack', at, id, ...own })
    if (asked.kind === 'press') {
      const replies = await press(acting, asked)
      for (const reply of replies) await respond({ fetch, log }, asked.responseUrl, reply)
      return
    }
    const answer = await answerTo(acting, asked.text)
    const { until } = answer
    const text = `${answer.text}${sayZone(zone, acting.catalog.timeZone)}`
    const buttons = await buttonsOf(acting, answer)
    const reply: Reply = {
      ...{ text, isPublic: ['done', 'started'].includes(answer.outcome) },
      ...(until && { until }),
      ...(buttons && { buttons }),
    }
    if (asked.kind === 'command') return respond({ fetch, log }, asked.responseUrl, reply)
    const value = await token.value()
    if (value === undefined) {
      log.warn('Slack is not connected: there is no bot token to answer with', { id })
      token.forget()
      return
    }
    await write({ fetch, log, token: value }, asked, reply)
  },
})
