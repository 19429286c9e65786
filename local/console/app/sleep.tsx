import type { SleeperView, SleepView } from '../view.ts'
import { Icon, type Shape } from './icon.tsx'
import { Savings } from './savings.tsx'
import { still } from './still.tsx'
import { dayAndMinuteIn, localized } from './time.ts'

/** What sleeps by which schedule, what is next and why, and who has asked for something else. */
export const SleepPane = still(Pane)

function Pane({ sleep, timeZone }: { sleep: SleepView; timeZone: string }) {
  const say = dayAndMinuteIn(timeZone)
  return (
    <section id="sleep" class="pane sleep" aria-labelledby="sleep-title" tabIndex={-1}>
      <h2 id="sleep-title">Sleep</h2>
      <p class="note">
        {LEVELS[sleep.level]} Times are {timeZone}.
      </p>
      <ul class="schedules">
        {sleep.schedules.map(({ name, state, reason, next }) => (
          <li key={name}>
            <strong>{name}</strong>: {STATES[state]}
            {next === undefined ? (
              <> ({withoutName(reason, name)})</>
            ) : (
              <>
                {' '}
                until <time dateTime={next.at}>{say(next.at)}</time>, then {STATES[next.state]} (
                {withoutName(next.reason, name)})
              </>
            )}
          </li>
        ))}
        {sleep.overrides.map(({ kind, about, by, until, why }) => (
          <li key={`${about} ${until} ${by}`} class="override">
            <strong>{about}</strong> is {kind === 'awake' ? 'kept awake' : 'put to sleep'} by {by}{' '}
            until <time dateTime={until}>{say(until)}</time>
            {why && <>: {localized(why, say)}</>}
          </li>
        ))}
      </ul>
      <Savings ahead={sleep.ahead} saved={sleep.saved} />
      {sleep.resources.length === 0 ? (
        <p class="empty">Nothing was looked at yet. The first look comes within five minutes.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Resource</th>
              <th scope="col">Schedule</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {sleep.resources.map((one) => (
              <Row key={one.id} one={one} say={say} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const LEVELS: Record<SleepView['level'], string> = {
  off: 'Nothing sleeps: features.sleep is off.',
  tell: 'Nothing is put to sleep, only said: features.sleep is tell.',
  act: 'Caretaker puts to sleep and wakes by these schedules.',
}

const STATES: Record<string, string> = {
  running: 'awake',
  stopped: 'asleep',
  any: 'as it is',
}

/** What a schedule says begins with its name, which stands before it already. */
const withoutName = (reason: string, name: string): string => reason.replace(`${name}: `, '')

const SHAPES: Record<SleeperView['state'], Shape> = {
  awake: 'check',
  asleep: 'moon',
  waking: 'going',
  'going to sleep': 'going',
}
const TONES: Record<SleeperView['state'], string> = {
  awake: 'good',
  asleep: 'quiet',
  waking: 'going',
  'going to sleep': 'going',
}

function Row({ one, say }: { one: SleeperView; say(instant: string): string }) {
  const { name, kind, owner, schedule, state, since, why, hand, unused, error } = one
  return (
    <tr>
      <th scope="row">
        <span class="name">{name}</span>
        <span class="runs">
          {kind}
          {owner && <>, {owner}</>}
        </span>
      </th>
      <td>{schedule}</td>
      <td>
        <span class={`light ${TONES[state]}`} title={why}>
          <Icon shape={SHAPES[state]} tone={TONES[state]} />
          {state} since {say(since)}
        </span>
        {!why.startsWith(`${schedule}:`) && <span class="runs">{localized(why, say)}</span>}
        {unused && (
          <span class="runs">
            sleeps at {say(unused.sleeps)} if nobody uses it ({localized(unused.why, say)})
          </span>
        )}
        {hand && (
          <span class="runs">
            {hand.by}
            {hand.until && <> until {say(hand.until)}</>}
          </span>
        )}
        {error && <span class="runs bad">{error}</span>}
      </td>
    </tr>
  )
}
