import {
  type Alias,
  type Document,
  type ErrorCode,
  isMap,
  isSeq,
  type LineCounter,
  visit,
  type YAMLParseError,
} from 'yaml'

/** What is wrong with the YAML of a file, in the words of somebody who writes it. */
type Mistake = { line: number; found: string; allowed: string; remedy: string }

type Words = Omit<Mistake, 'line'>

const INDENTATION: Words = {
  found: 'a line that begins further left or right than the lines it belongs to',
  allowed: 'keys of one level that all begin in the same column, by spaces',
  remedy: 'indent this line like the ones beside it',
}

const SPECIAL = 'text that begins with a letter or a digit, or text in quotes'

const BY_CODE: Partial<Record<ErrorCode, Words>> = {
  TAB_AS_INDENT: {
    found: 'a tab at the beginning of the line',
    allowed: 'spaces, two for each level',
    remedy: 'replace the tab by spaces',
  },
  BAD_INDENT: INDENTATION,
  DUPLICATE_KEY: {
    found: 'a key that stands here a second time',
    allowed: 'YAML with each key once',
    remedy: 'remove one of the two, or put their values together',
  },
  MULTIPLE_DOCS: {
    found: 'a second document (---)',
    allowed: 'one document in each file',
    remedy: 'move what follows into a file of its own',
  },
  BAD_SCALAR_START: {
    found: 'a value that begins with a character that means something else in YAML',
    allowed: SPECIAL,
    remedy: 'put the value into quotes',
  },
  BAD_ALIAS: {
    found: 'a value that begins with *, which means something else in YAML',
    allowed: SPECIAL,
    remedy: 'put the value into quotes',
  },
  BAD_DQ_ESCAPE: {
    found: 'a \\ in double quotes that no character follows which needs one',
    allowed: 'text in single quotes, where \\ is a character like others',
    remedy: 'use single quotes, or write \\\\',
  },
}

const NO_COLON: Words = {
  found: 'a line without a key',
  allowed: 'a key, a colon, a space and a value: port: 8080',
  remedy: 'add what is missing; after the colon a space must follow',
}

const TWO_COLONS: Words = {
  found: 'a second colon with a space after it, in one line',
  allowed: 'text with ": " in it only in quotes',
  remedy: 'put the value into quotes',
}

const OPEN: Words = {
  found: 'a list or a map in one line that is not closed',
  allowed: 'as many closing ] and } as opening ones',
  remedy: 'close it on this line or indent what follows',
}

const QUOTE: Words = {
  found: 'a quote that is not closed',
  allowed: 'text with a quote at both of its ends',
  remedy: 'add the second quote',
}

/**
 * What keeps a file from being read as one map of keys. One mistake: the others that the parser
 * finds mostly follow from it.
 *
 * @param text the file's content.
 */
export function mistakeIn(
  yaml: Document.Parsed,
  text: string,
  lines: LineCounter,
): Mistake | undefined {
  const lineOf = (offset = 0) => Math.max(1, lines.linePos(offset).line)
  const [error] = yaml.errors
  if (error !== undefined) {
    const { words, line } = meant(error, text.split('\n'), lineOf(error.pos[0]))
    return { ...words, line }
  }
  const [warning] = yaml.warnings
  if (warning !== undefined) return { ...FOREIGN_TAG, line: lineOf(warning.pos[0]) }
  const { contents } = yaml
  if (contents !== null && !isMap(contents)) {
    const found = isSeq(contents) ? 'a list, which begins with -' : 'text without a key'
    return { ...NO_KEYS, found, line: lineOf(contents.range[0]) }
  }
  const lost = aliasWithoutAnchor(yaml)
  return lost && { ...wordsOf(lost), line: lineOf(lost.range?.[0]) }
}

const FOREIGN_TAG: Words = {
  found: 'a value that begins with !, which means something else in YAML',
  allowed: 'text that begins with ! only in quotes; nothing of CloudFormation’s is read here',
  remedy: 'write the value itself, in quotes',
}

const NO_KEYS: Omit<Words, 'found'> = {
  allowed: 'keys with values, such as team: storefront',
  remedy: 'write a key, a colon, a space and a value in each line',
}

const wordsOf = ({ source }: Alias): Words => ({
  found: `*${source}, and no part of the file called &${source}`,
  allowed: 'text that begins with * only in quotes',
  remedy: 'put the value into quotes, or name a part above with &',
})

/** `*name` where no `&name` came before: reading it would throw. */
function aliasWithoutAnchor(yaml: Document.Parsed): Alias | undefined {
  let lost: Alias | undefined
  visit(yaml, {
    Alias: (_, alias) => {
      if (alias.resolve(yaml) !== undefined) return undefined
      lost = alias
      return visit.BREAK
    },
  })
  return lost
}

/** The parser names the line where it gave up; a reader needs the one to change. */
function meant(error: YAMLParseError, lines: readonly string[], at: number) {
  const here = lines[at - 1] ?? ''
  const next = lines[at] ?? ''
  const { code, message } = error
  if (code === 'BAD_INDENT' && /Flow (map|sequence)/.test(message)) {
    return { words: OPEN, line: lastWritten(lines, at - 1) }
  }
  if (code === 'MISSING_CHAR' && message.includes('quote')) {
    return { words: QUOTE, line: opening(lines, at) }
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') {
    if (/^\s*[^\s:]+:\s.*:(\s|$)/.test(here)) return { words: TWO_COLONS, line: at }
    // A value, and below it a key that is indented as if it belonged to the value.
    if (/^\s+\S/.test(next) && here.includes(':')) return { words: INDENTATION, line: at + 1 }
    return { words: NO_COLON, line: at }
  }
  if (code === 'MISSING_CHAR') return { words: NO_COLON, line: at }
  return { words: BY_CODE[code] ?? NO_COLON, line: at }
}

/** The last line up to here that is not empty. */
const lastWritten = (lines: readonly string[], upTo: number): number =>
  lines.slice(0, upTo).findLastIndex((line) => line.trim() !== '') + 1 || 1

/** The last line with an odd number of one quote: there it was opened. */
const opening = (lines: readonly string[], upTo: number): number =>
  lines
    .slice(0, upTo)
    .findLastIndex((line) => ["'", '"'].some((quote) => line.split(quote).length % 2 === 0)) + 1 ||
  upTo
