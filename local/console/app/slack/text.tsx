import type { ComponentChildren } from 'preact'
import { type Piece, readMrkdwn, readPlain } from './mrkdwn.ts'

/** A text object of Block Kit. Nothing in it is ever read as HTML. */
export type Text = { type: 'mrkdwn' | 'plain_text'; text: string }

export function SlackText({ of }: { of: Text }) {
  return <Pieces pieces={of.type === 'mrkdwn' ? readMrkdwn(of.text) : readPlain(of.text)} />
}

function Pieces({ pieces }: { pieces: Piece[] }): ComponentChildren {
  return pieces.map((piece, index) => <PieceOf key={index} piece={piece} />)
}

function PieceOf({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return <>{piece.text}</>
    case 'code':
      return <code>{piece.text}</code>
    case 'block':
      return <pre>{piece.text}</pre>
    case 'emoji':
      return <span class="emoji">{piece.text}</span>
    case 'mention':
      return <span class="mention">{piece.text}</span>
    case 'bold':
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      )
    case 'quote':
      return (
        <blockquote>
          <Pieces pieces={piece.pieces} />
        </blockquote>
      )
    case 'link':
      return (
        <a href={piece.url} target="_blank" rel="noreferrer">
          {piece.text}
        </a>
      )
    case 'break':
      return <br />
  }
}
