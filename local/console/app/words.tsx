import { localized } from './time.ts'

/** A sentence of the server's: instants are said in the environment's zone, and what is typed stands out. */
export function Words({ text, say }: { text: string; say(instant: string): string }) {
  return (
    <>
      {localized(text, say)
        .split('`')
        .map((part, place) => (place % 2 === 1 ? <code key={part}>{part}</code> : part))}
    </>
  )
}
