/**
 * The words of a command as they were meant, whatever a phone's keyboard and Slack have made of
 * them: curly quotes, a dash for two hyphens, spaces that do not break, links of what is none.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function wordsIn(text: string): string[] {
  return withoutEntities(withoutLinks(text))
    .normalize('NFKC')
    .replaceAll(INVISIBLE, '')
    .replaceAll(/[“”„‟«»″]/g, '"')
    .replaceAll(/[‘’‚‛′]/g, "'")
    .replaceAll(/(^|\s)[—–―](?=[a-z])/gi, '$1--')
    .replaceAll(/[‐‑‒–—―−]/g, '-')
    .split(/\s+/)
    .filter((word) => word !== '')
}

/** Soft hyphens, joiners, marks of direction: they come with what is pasted. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g

/** `<http://v1.2|v1.2>` is what Slack sends for `v1.2`, and `<#C1|orders>` for a channel. */
function withoutLinks(text: string): string {
  return text
    .replaceAll(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replaceAll(/<(?:https?:\/\/|mailto:)([^<>]*?)\/?>/g, '$1')
    .replaceAll(/<([@#!][^<>]*)>/g, '$1')
}

const withoutEntities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** A word without the quotes around it, or the comma behind it. */
export const bare = (word: string): string => word.replaceAll(/^["'`*(]+|["'`*),]+$/g, '')

/** What people write in their own words: the rest of a command, without quotes around it. */
export const sentence = (words: readonly string[]): string =>
  words
    .join(' ')
    .replaceAll(/^["'`]+|["'`]+$/g, '')
    .trim()

/** The names that are closest to what was typed, the closest first; none that are far off. */
export function nearest(word: string, names: readonly string[], most = 3): string[] {
  const wanted = word.toLowerCase()
  return names
    .map((name) => ({ name, far: farFrom(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, wanted.length / 2))
    .toSorted((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name)
}

/** A beginning or a part of a name is near; else Levenshtein's distance. */
function farFrom(word: string, name: string): number {
  if (word !== '' && name.startsWith(word)) return 0
  if (word.length > 2 && name.includes(word)) return 1
  let row = Array.from({ length: name.length + 1 }, (_, place) => place)
  for (const [i, letter] of [...word].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...name].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
