import type { Invariant } from './invariant.ts'

export const tellsEachRecordOnce: Invariant = {
  holds: 'Everything is told exactly once: no record has two messages.',
  number: 11,
  when: 'always',
  violations: ({ messages }) =>
    [...Map.groupBy(messages, ({ key }) => key)].flatMap(([key, same]) =>
      same.length === 1 && key !== '' ? [] : [`${same.length} messages of "${key}"`],
    ),
}
