import type { View } from '../view.ts'
import { Icon } from './icon.tsx'
import { dayAndMinuteIn } from './time.ts'
import { Words } from './words.tsx'

/** What everybody has to know first, on every page: nothing is of now, or nothing is rolled out. */
export function Notices({ view, connected }: { view: View; connected: boolean }) {
  const { held, reader, environment, clock, play } = view
  const say = dayAndMinuteIn(environment.timeZone)
  return (
    <>
      {!connected && (
        <p class="lost" role="alert">
          The console does not answer any more: what is shown is of {say(clock.now)}. It tries again
          every second; if you stopped it, start it with{' '}
          <code>{play === null ? 'npx caretaker console' : 'npm start'}</code>.
        </p>
      )}
      {reader.trouble && (
        <p class="lost" role="alert">
          What is shown is of {say(clock.now)}. {reader.trouble}
        </p>
      )}
      {held.map(({ about, says, ends }) => (
        <p key={about + says} class="frozen">
          <Icon shape="held" tone="held" />
          <span>
            <strong>{about}:</strong> <Words text={says} say={say} />.{' '}
            <Words text={ends} say={say} />
          </span>
        </p>
      ))}
    </>
  )
}
