import type { InputOf } from '../../../domain/acts/inputs.ts'
import { pinOf } from '../../../domain/roll-out/hold.ts'
import { stateKey } from '../../../domain/table/keys.ts'
import { cut } from '../../../domain/text.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { type Acting, command } from './acting.ts'
import { type Planned, refusal } from './outcome.ts'
import { whatRuns } from './running.ts'
import { findToChange, isSaid } from './services.ts'
import { seenIn, setOrRemove } from './state.ts'

/** Pins a service to what it runs. */
export async function pin(acting: Acting, { service, reason }: InputOf<'pin'>): Promise<Planned> {
  const found = await findToChange(acting, service, 'pin')
  if (isSaid(found)) return found
  const { managed, name } = found
  const key = stateKey(managed.id)
  const seen = await seenIn(acting, key, 'pinned')
  const held = pinOf(seen)
  const undo = `unpin ${name}`
  if (held !== undefined) {
    const said = `Nothing was done to ${name}: ${held.reason}. ${command(acting, undo)} ends that.`
    return refusal(acting, 'pin', managed.id, name, said)
  }
  const { image } = await whatRuns(acting, found)
  const pinned = { by: cut(acting.who.name, ASKER_CHARACTERS), at: acting.at, reason }
  return {
    outcome: 'done',
    service: managed.id,
    subject: name,
    from: '',
    to: image?.digest ?? '',
    reason,
    undo,
    said: `Done: ${name} stays at what it runs until somebody unpins it; pushes wait. Going back is not held.`,
    commit: (receipt) =>
      setOrRemove(acting, { key, attribute: 'pinned', seen, value: pinned }, receipt),
  }
}

/** Takes a pin away, whoever has set it, also one that cannot be read. */
export async function unpin(acting: Acting, { service }: InputOf<'unpin'>): Promise<Planned> {
  const found = await findToChange(acting, service, 'unpin')
  if (isSaid(found)) return found
  const { managed, name } = found
  const key = stateKey(managed.id)
  const seen = await seenIn(acting, key, 'pinned')
  const held = pinOf(seen)
  if (held === undefined) {
    const said = `Nothing was done: ${name} is not pinned.`
    return refusal(acting, 'unpin', managed.id, name, said)
  }
  return {
    outcome: 'done',
    service: managed.id,
    subject: name,
    from: held.reason,
    to: '',
    reason: '',
    undo: `pin ${name}`,
    said: `Done: ${name} is not pinned any more (${held.reason}). The newest push that waited is rolled out within five minutes.`,
    commit: (receipt) =>
      setOrRemove(acting, { key, attribute: 'pinned', seen, value: undefined }, receipt),
  }
}
