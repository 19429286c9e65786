import type { Answer as Answered } from '../../../domain/acts/answer.ts'
import type { Act } from '../../../domain/acts/inputs.ts'
import { readCommand, writeCommand } from '../../../domain/acts/read.ts'
import { mayRead, type Standing } from '../../../domain/acts/who.ts'
import { type Acting, clockOf, command, localized } from './acting.ts'
import { acknowledge, mute } from './alarms.ts'
import { freeze, thaw } from './freezes.ts'
import { history } from './history.ts'
import { keepAwake, unkeep } from './keep.ts'
import { logs } from './logs.ts'
import { isChange, type Offered, type Planned, receiptPut, refused, type Said } from './outcome.ts'
import { own } from './own.ts'
import { pin, unpin } from './pins.ts'
import { deploy, retry, rollBack } from './roll-outs.ts'
import { savings } from './savings.ts'
import { putToSleep } from './sleep.ts'
import { status } from './status.ts'
import { why } from './why.ts'

/** What whoever asked is told, and what can be done about it: a button each where there are buttons. */
export type Answer = Answered & { offers?: Offered }

/** What a command as it was typed comes to. */
export async function answerTo(acting: Acting, text: string): Promise<Answer> {
  const { who } = acting
  if (!mayRead(who)) return { outcome: 'refused', text: notInATeam(who) }
  const found = readCommand(text, clockOf(acting))
  if ('help' in found) return { outcome: 'read', text: found.help }
  if ('refused' in found) return { outcome: 'refused', text: found.refused }
  return carryOut(acting, found.act)
}

/** What somebody is told who may not even read. */
export const notInATeam = ({ name }: Standing): string =>
  `Nothing was done: ${name} is in no team of the catalog. Whoever looks after \`environment.yaml\` adds you to a team's \`members\`.`

/** Carries an act out against the present state, and says what came of it. */
export async function carryOut(acting: Acting, act: Act): Promise<Answer> {
  return commit(acting, act, await planned(acting, act))
}

/** What an act would do; nothing is done yet. */
export function planned(acting: Acting, { verb, input }: Act): Promise<Planned> {
  switch (verb) {
    case 'status':
      return status(acting, input)
    case 'why':
      return why(acting, input)
    case 'history':
      return history(acting, input)
    case 'logs':
      return logs(acting, input)
    case 'deploy':
      return deploy(acting, input)
    case 'roll-back':
      return rollBack(acting, input)
    case 'retry':
      return retry(acting, input)
    case 'pin':
      return pin(acting, input)
    case 'unpin':
      return unpin(acting, input)
    case 'freeze':
      return freeze(acting, input)
    case 'thaw':
      return thaw(acting, input)
    case 'keep':
    case 'wake':
      return keepAwake(acting, verb, input)
    case 'sleep':
      return putToSleep(acting, input)
    case 'unkeep':
      return unkeep(acting, input)
    case 'savings':
      return savings(acting, input)
    case 'own':
      return own(acting, input)
    case 'acknowledge':
      return acknowledge(acting, input)
    case 'mute':
      return mute(acting, input)
  }
}

/** Does what was planned, once, and leaves its receipt. */
export async function commit(acting: Acting, act: Act, plan: Planned): Promise<Answer> {
  const understood = `I read: \`${writeCommand(act, clockOf(acting)).replaceAll('`', "'")}\`.`
  const decided = { verb: act.verb, by: acting.who.name, subject: act.input }
  const answer = (said: Said): Answer => {
    acting.log.info('decided', { ...decided, outcome: said.outcome, receipt: said.receipt })
    const { outcome, receipt, offers, mistake, data } = said
    const words = localized(acting, said.said)
    const text = outcome === 'read' && receipt === undefined ? words : `${understood}\n${words}`
    const more = { ...(mistake && { mistake }), ...(data && { data }) }
    return { outcome, text, ...more, ...(receipt && { receipt }), ...(offers && { offers }) }
  }
  if (!isChange(plan)) return answer(plan)
  const undo = plan.undo === '' ? '' : ` To undo it: ${command(acting, plan.undo)}.`
  const said = `${localized(acting, plan.said)}${undo} Receipt ${acting.id}.`
  const failed = await plan.commit(receiptPut(acting, act.verb, { ...plan, said }))
  if (failed !== undefined) return answer(refused(failed))
  acting.log.info('decided', { ...decided, outcome: plan.outcome, receipt: acting.id })
  const { outcome, until, subject, from, to } = plan
  return {
    ...{ outcome, text: `${understood}\n${said}`, receipt: acting.id },
    ...(plan.undo !== '' && { undo: plan.undo }),
    ...(until !== undefined && { until }),
    data: { verb: act.verb, subject, from, to },
  }
}
