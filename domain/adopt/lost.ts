import { TAGS } from '../tags.ts'

type Tags = Readonly<Record<string, string>>

/** The tags that an adopted resource was given and does not carry any more. Another value is no loss. */
export const lostIn = ({ set }: { set: Tags }, now: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(set).filter(([key]) => !(key in now)))

/** What Caretaker does not do without them. */
export function whatIsLost(gone: Tags): string {
  const left = [
    ...(TAGS.repository in gone || TAGS.deploy in gone ? ['rolls out no push to it'] : []),
    ...(TAGS.schedule in gone ? ['neither puts it to sleep nor wakes it'] : []),
  ]
  return left.length === 0
    ? 'Caretaker goes on looking after it'
    : `Caretaker ${left.join(', and ')}`
}
