import { useEffect, useState } from 'preact/hooks'

/**
 * What a control shows: what was asked for with it until the simulation has it, then what is. The
 * page is drawn anew many times a second, and a control must not show the old value in between.
 *
 * @returns what to show, and how to note what is asked; `undefined` takes it back.
 */
export function useAsked<T>(actual: T): [T, (asked: T | undefined) => void] {
  const [asked, note] = useState<T | undefined>()
  useEffect(() => note(undefined), [actual])
  return [asked ?? actual, note]
}
