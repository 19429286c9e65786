import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ActView } from '../service/view.ts'
import { ask } from './connection.ts'
import { Modal } from './modal.tsx'
import { Words } from './words.tsx'

type ButtonsProps = {
  /** On the buttons: `Sleep`; what a screen reader says besides: `orders`. */
  acts: readonly { act: ActView; label: string; about: string }[]
  /** Why whoever looks may not; the buttons say so, and do nothing. */
  mayNot: string | undefined
  ask(act: ActView, button: HTMLElement): void
}

/** Buttons of acts. One that may not be pressed still takes the focus, and says why. */
export const ActButtons = ({ acts, mayNot, ask }: ButtonsProps) => (
  <>
    {acts.map(({ act, label, about }) => (
      <button
        key={label}
        type="button"
        aria-disabled={mayNot !== undefined}
        {...(mayNot !== undefined && { 'aria-describedby': MAY_NOT })}
        onClick={({ currentTarget }) => mayNot === undefined && ask(act, currentTarget)}
      >
        {label}
        {about && <span class="unseen"> {about}</span>}
      </button>
    ))}
  </>
)

const MAY_NOT = 'may-not'

/** Why the buttons of this page do nothing, in words below them. */
export const MayNot = ({
  mayNot,
  acts,
}: {
  mayNot: string | undefined
  acts: readonly ActView[]
}) =>
  mayNot === undefined ? null : (
    <div id={MAY_NOT} class="soft may-not">
      <p>
        <Words text={mayNot} say={(instant) => instant} />
      </p>
      {acts.length > 0 && (
        <ul class="commands">
          {acts.map(({ text }) => (
            <li key={text}>
              <code>npx caretaker {text}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  )

/** What was answered to the last act. */
type Receipt = { text: string; isError: boolean }

type Asked = {
  ask(act: ActView, button: HTMLElement): void
  dialog: JSX.Element
  receipt: JSX.Element
}

/** Who may ask: one of these people in a simulation; of an account, whom AWS names. */
export type Askers = {
  people: readonly string[]
  reader: string | undefined
  /** Told when something was done. */
  done?(): void
}

/**
 * Buttons that ask for acts, on one page.
 *
 * @returns what a button calls, the question while there is one, and where the answer is said.
 */
export function useActs(askers: Askers): Asked {
  const [act, open] = useState<ActView | undefined>()
  const [receipt, tell] = useState<Receipt | undefined>()
  const opener = useRef<HTMLElement | null>(null)
  const said = useRef<HTMLParagraphElement>(null)
  // The button is gone, as what it did cannot be asked for again: the answer takes its place.
  useEffect(() => {
    if (opener.current === null || opener.current.isConnected) return
    opener.current = null
    if (document.activeElement === document.body) said.current?.focus()
  })
  const close = (answer: Receipt | undefined) => {
    open(undefined)
    if (answer === undefined) return
    tell(answer)
    askers.done?.()
  }
  return {
    ask: (asked, button) => {
      opener.current = button
      open(asked)
    },
    dialog: <>{act && <Asking act={act} askers={askers} close={close} />}</>,
    receipt: (
      <p
        ref={said}
        class={receipt?.isError ? 'receipt bad' : 'receipt'}
        role="status"
        tabIndex={-1}
      >
        {receipt?.text}
      </p>
    ),
  }
}

type AskingProps = { act: ActView; askers: Askers; close(receipt: Receipt | undefined): void }

/** Asks the person first, then Caretaker, and says what it has answered. */
function Asking({ act, askers: { people, reader }, close }: AskingProps) {
  const [by, be] = useState(reader === undefined ? (people[0] ?? '') : '')
  const [isSent, send] = useState(false)
  const confirm = () => {
    send(true)
    ask({ action: 'act', by, text: act.text }).then(
      (text) => close({ text, isError: false }),
      (error: Error) => close({ text: error.message, isError: true }),
    )
  }
  return (
    <Modal title={act.label} cancel={() => !isSent && close(undefined)}>
      <p>
        {act.does} The same in a terminal: <code>npx caretaker {act.text}</code>
      </p>
      {reader === undefined ? (
        <label class="who">
          <span>You are</span>
          <select value={by} onChange={({ currentTarget }) => be(currentTarget.value)}>
            {people.map((email) => (
              <option key={email}>{email}</option>
            ))}
          </select>
        </label>
      ) : (
        <p>It is done in the account, as {reader}: AWS says that this is you.</p>
      )}
      <div class="actions">
        <button type="button" aria-disabled={isSent} onClick={() => !isSent && close(undefined)}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          aria-disabled={isSent}
          onClick={() => !isSent && confirm()}
        >
          {isSent ? 'Asking…' : act.label}
        </button>
      </div>
    </Modal>
  )
}
