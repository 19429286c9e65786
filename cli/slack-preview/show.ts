import { EMOJI } from '../../local/console/app/slack/emoji.ts'
import { type Piece, readMrkdwn, readPlain } from '../../local/console/app/slack/mrkdwn.ts'

type Block = { type: string } & Record<string, unknown>
type Text = { type: string; text: string }
type Button = { text: Text; style?: string; confirm?: { title: Text; text: Text } }
type Chart = {
  title: string
  chart: { series: { name: string; data: { label: string; value: number }[] }[] }
}

const read = ({ type, text }: Text): Piece[] =>
  type === 'mrkdwn' ? readMrkdwn(text) : readPlain(text)

/** A message as lines of a terminal. */
export function asLines(blocks: readonly object[]): string[] {
  return (blocks as Block[]).flatMap((block) => {
    switch (block.type) {
      case 'section':
        return spoken(read(block.text as Text)).split('\n')
      case 'context':
        return (block.elements as Text[]).map((one) => `  ${spoken(read(one))}`)
      case 'actions':
        return [(block.elements as Button[]).map(({ text }) => `[ ${text.text} ]`).join(' ')]
      case 'data_visualization':
        return chartLines(block as unknown as Chart)
      default:
        return [`(${block.type})`]
    }
  })
}

const chartLines = ({ title, chart }: Chart): string[] => [
  title,
  ...chart.series.map(
    ({ name, data }) =>
      `  ${name}: ${data.map(({ label, value }) => `${label} ${value}`).join(', ')}`,
  ),
]

function spoken(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if ('pieces' in piece) return spoken(piece.pieces)
      if (piece.kind === 'break') return '\n'
      if (piece.kind === 'link') return `${piece.text} (${piece.url})`
      if (piece.kind === 'block') return `\n${piece.text}`
      return piece.text
    })
    .join('')
}

/** A message as a page of its own, with the text that stands for it. */
export function asHtml({ text, blocks }: { text: string; blocks: readonly object[] }): string {
  const body = (blocks as Block[]).map(blockHtml).join('\n')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Slack preview</title>
<style>body{font:15px/1.46 sans-serif;max-width:640px;margin:2em auto;color:#1d1c1d;background:#fff}
pre{background:#f8f8f8;border:1px solid #ddd;padding:8px;white-space:pre-wrap}
small{color:#616061}button{margin-right:8px}.danger{color:#b3123d}</style>
<main>${body}</main><hr><h2>text</h2><p>${escaped(text)}</p></html>
`
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'section':
      return `<p>${html(read(block.text as Text))}</p>`
    case 'context':
      return `<p><small>${(block.elements as Text[]).map((one) => html(read(one))).join(' ')}</small></p>`
    case 'actions':
      return `<p>${(block.elements as Button[]).map(buttonHtml).join('')}</p>`
    case 'data_visualization':
      return `<pre>${escaped(chartLines(block as unknown as Chart).join('\n'))}</pre>`
    default:
      return `<p><small>(${escaped(block.type)})</small></p>`
  }
}

function buttonHtml({ text, style = '', confirm }: Button): string {
  const asks = confirm === undefined ? '' : `${confirm.title.text} ${confirm.text.text}`
  return `<button class="${escaped(style)}" title="${escaped(asks)}">${escaped(text.text)}</button>`
}

const TAGS = { bold: 'b', italic: 'i', strike: 's', quote: 'blockquote' } as const

function html(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if ('pieces' in piece)
        return `<${TAGS[piece.kind]}>${html(piece.pieces)}</${TAGS[piece.kind]}>`
      if (piece.kind === 'break') return '<br>'
      if (piece.kind === 'link') return `<a href="${escaped(piece.url)}">${escaped(piece.text)}</a>`
      if (piece.kind === 'code') return `<code>${escaped(piece.text)}</code>`
      if (piece.kind === 'block') return `<pre>${escaped(piece.text)}</pre>`
      return escaped(EMOJI[piece.text] ?? piece.text)
    })
    .join('')
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
