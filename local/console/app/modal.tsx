import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

type Props = {
  title: string
  /** Asked to go away, by Escape. */
  cancel(): void
  children: ComponentChildren
}

/**
 * A question in front of the page: while it is there nothing behind it takes the focus, and when it
 * goes what had the focus before has it again.
 */
export function Modal({ title, cancel, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  // Before it is painted: whoever types on is in it already.
  useLayoutEffect(() => {
    const [own, opener] = [dialog.current, document.activeElement]
    own?.showModal()
    return () => {
      own?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby="question"
      onCancel={(event) => {
        event.preventDefault()
        cancel()
      }}
    >
      <h3 id="question">{title}</h3>
      {children}
    </dialog>
  )
}
