import type { LeftOut, Report } from './report.ts'

/** A key as people write it: `services.web.ports.0`. */
const keyOf = ({ path }: LeftOut['place']): string => path.join('.')

/** Without the name of the service: it stands for all that have it. */
const shortKey = ({ path, file }: LeftOut['place']): string =>
  (path.length > 2 ? path.slice(2) : path).join('.') || file

/** Whether there is nothing to do about it, as a rule. */
const isHarmless = ({ remedy }: LeftOut): boolean => remedy.startsWith('nothing')

/**
 * `compose.yaml:7 services.web.dns: found "8.8.8.8"; left out because …`, and below what to do;
 * the same of several services is said once.
 */
function sentence(same: readonly LeftOut[]): string {
  const [first, ...others] = same
  if (first === undefined) return ''
  const { place, found, because, remedy } = first
  const lines = others.map((one) => `${one.place.file}:${one.place.line}`)
  const more = [...new Set(lines)].filter((one) => one !== `${place.file}:${place.line}`)
  const names = others.map((one) => one.place.path[1] ?? one.place.file)
  const also =
    others.length === 0
      ? ''
      : ` (also of ${[...new Set(names)].join(', ')}${more.length === 0 ? '' : `: ${more.slice(0, MOST_LINES).join(', ')}`})`
  return `  ${place.file}:${place.line} ${keyOf(place)}: found ${found}${also}; left out because ${because}\n    ${remedy}`
}

/** Keys that are left out for one reason, in one paragraph. */
function together(all: readonly LeftOut[]): string {
  const [first] = all
  const keys = Map.groupBy(all, ({ place }) => shortKey(place))
  const shown = [...keys].map(([key, some]) => {
    const lines = [...new Set(some.map(({ place }) => place.line))].slice(0, MOST_LINES)
    const more = some.length > MOST_LINES ? ', …' : ''
    return `${key} (${some[0]?.place.file}:${lines.join(',')}${more})`
  })
  return `  ${shown.join(', ')}: ${first?.because}`
}

const MOST_LINES = 5

/** What is left out, what has to be done first; what needs nothing is put together. */
export function leftOutLines(reports: readonly Report[]): string[] {
  const all = reports.flatMap(({ leftOut }) => leftOut)
  const ids = all.map(
    ({ place, because }) => `${place.file} ${place.line} ${keyOf(place)} ${because}`,
  )
  const leftOut = all.filter((_, index) => ids.indexOf(ids[index] ?? '') === index)
  const toDo = leftOut.filter((one) => !isHarmless(one))
  const groups = Map.groupBy(toDo, ({ place, because, remedy }) =>
    [place.path.length > 2 ? shortKey(place) : keyOf(place), because, remedy].join(' '),
  )
  const rest = Map.groupBy(leftOut.filter(isHarmless), ({ because }) => because)
  return [
    ...(groups.size === 0 ? [] : ['', `Left out, and to look at (${groups.size}):`]),
    ...[...groups.values()].map(sentence),
    ...(rest.size === 0 ? [] : ['', 'Left out, and as a rule nothing to do:']),
    ...[...rest.values()].map(together),
  ]
}

/** The same for programs, one by one. */
export const asData = ({ translated, leftOut, steps, notes }: Report) => ({
  translated: translated.map(({ place, to }) => ({
    ...{ file: place.file, line: place.line, key: keyOf(place), to },
  })),
  leftOut: leftOut.map(({ place, found, because, remedy }) => ({
    ...{ file: place.file, line: place.line, key: keyOf(place), found, because, remedy },
  })),
  steps: [...steps],
  notes: [...notes].map(([note, services]) => ({ note, services: [...services] })),
})

/** What somebody has to see to, each with the services it is about. */
export function noteLines(reports: readonly Report[]): string[] {
  const notes = new Map<string, Set<string>>()
  for (const [note, services] of reports.flatMap((report) => [...report.notes])) {
    notes.set(note, new Set([...(notes.get(note) ?? []), ...services]))
  }
  if (notes.size === 0) return []
  const lines = [...notes].map(([note, services]) => `  ${[...services].join(', ')}: ${note}`)
  return ['', 'To see to in the services themselves:', ...lines]
}
