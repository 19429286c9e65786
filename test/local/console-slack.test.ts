import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EMOJI } from '../../local/console/app/slack/emoji.ts'
import { type Piece, readMrkdwn, readPlain } from '../../local/console/app/slack/mrkdwn.ts'

/** Markup as tags, so that a table can show it. */
function told(pieces: Piece[]): string {
  return pieces
    .map((piece) => {
      if ('pieces' in piece) return `[${piece.kind} ${told(piece.pieces)}]`
      if (piece.kind === 'text') return piece.text
      if (piece.kind === 'break') return '¶'
      return piece.kind === 'link'
        ? `[link ${piece.url} ${piece.text}]`
        : `[${piece.kind} ${piece.text}]`
    })
    .join('')
}

describe('mrkdwn', () => {
  test.each([
    [
      '*orders* runs `main` (`a7b78b0d32cf`)',
      '[bold orders] runs [code main] ([code a7b78b0d32cf])',
    ],
    [':x: *a* & b', '[emoji ❌] [bold a] & b'],
    ['a:nosuch:b', 'a:nosuch:b'],
    ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['*bold _and italic_*', '[bold bold [italic and italic]]'],
    ['~gone~\nnext', '[strike gone]¶next'],
    ['```\nline *one*\nline two\n```', '[block line *one*\nline two]'],
    ['a &lt;script&gt; &amp;amp;', 'a <script> &amp;'],
    ['<https://e.org/?a=1&amp;b=2|the chart>', '[link https://e.org/?a=1&b=2 the chart]'],
    ['<javascript:alert(1)|x>', '<javascript:alert(1)|x>'],
    ['<@U123> <#C1|ordering> <!here>', '[mention @U123] [mention ordering] [mention @here]'],
    ['&gt; quoted\nnot', '[quote quoted]not'],
    ['<!date^1772442000^pushed {date_short_pretty} {time}|x>', 'pushed Mar 2, 2026 9:00 AM'],
    ['`unfinished *and', '`unfinished *and'],
  ])('%s', (text, expected) => {
    expect(told(readMrkdwn(text)).replaceAll('\u202f', ' ')).toBe(expected)
  })

  test('plain text has emoji and no other markup', () => {
    expect(told(readPlain(':zzz: *not bold*'))).toBe('[emoji 💤] *not bold*')
  })

  test('knows every emoji that Caretaker writes', () => {
    const files = readdirSync('functions/tell-slack', { recursive: true, encoding: 'utf8' })
    const written = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(`functions/tell-slack/${file}`, 'utf8').matchAll(
          /[`'"]:([a-z_]+):(?: |',)/g,
        ),
      ])
    expect(written.length).toBeGreaterThan(20)
    for (const [, name = ''] of written) expect(EMOJI).toHaveProperty(name)
  })
})
