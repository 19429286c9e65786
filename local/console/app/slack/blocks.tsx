import { Chart, type ChartBlock } from './chart.tsx'
import { SlackText, type Text } from './text.tsx'

/** The parts of Block Kit that Caretaker uses, loosely: whatever came is shown as far as it goes. */
type Block = Partial<ChartBlock> & {
  type: string
  text?: Text
  fields?: Text[]
  accessory?: Element
  elements?: Element[]
  image_url?: string
  alt_text?: string
}

type Plain = { text: string }
export type Question = { title: Plain; text: Plain; confirm: Plain; deny: Plain }

type Element = {
  type: string
  text?: Text | string
  style?: 'primary' | 'danger'
  url?: string
  confirm?: Question
  image_url?: string
  alt_text?: string
}

/** Told which button was pressed, by what it says, and what is asked before. */
export type OnPress = (label: string, question: Question | undefined) => void

type Props = { onPress: OnPress }

export function Blocks({ blocks, onPress }: Props & { blocks: unknown[] }) {
  return (
    <>
      {(blocks as Block[]).map((block, index) => (
        <BlockOf key={index} block={block} onPress={onPress} />
      ))}
    </>
  )
}

function BlockOf({ block, onPress }: Props & { block: Block }) {
  switch (block.type) {
    case 'header':
      return <h4>{block.text && <SlackText of={block.text} />}</h4>
    case 'section':
      return <Section block={block} onPress={onPress} />
    case 'context':
      return (
        <p class="context">
          <Elements elements={block.elements} onPress={onPress} />
        </p>
      )
    case 'actions':
      return (
        <div class="actions">
          <Elements elements={block.elements} onPress={onPress} />
        </div>
      )
    case 'image':
      return <Picture block={block} />
    case 'data_visualization':
      return <Chart block={block as ChartBlock} />
    case 'divider':
      return <hr />
    default:
      return <p class="context">A block of type {block.type}</p>
  }
}

/** A file of Slack's own is only in Slack: its words stand for it. */
function Picture({ block: { title, image_url, alt_text } }: { block: Block }) {
  const caption = typeof title === 'object' ? (title as Text).text : title
  return (
    <figure>
      {caption && <figcaption>{caption}</figcaption>}
      {image_url === undefined ? (
        <p class="context">Picture: {alt_text}</p>
      ) : (
        <img src={image_url} alt={alt_text ?? ''} />
      )}
    </figure>
  )
}

function Section({ block: { text, fields = [], accessory }, onPress }: Props & { block: Block }) {
  return (
    <div class="section">
      <div>
        {text && <SlackText of={text} />}
        {fields.length > 0 && (
          <div class="fields">
            {fields.map((field) => (
              <div key={field.text}>
                <SlackText of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && <ElementOf element={accessory} onPress={onPress} />}
    </div>
  )
}

function Elements({ elements = [], onPress }: Props & { elements: Element[] | undefined }) {
  return elements.map((element, index) => (
    <ElementOf key={index} element={element} onPress={onPress} />
  ))
}

function ElementOf({ element, onPress }: Props & { element: Element }) {
  const { type, text, style, url, confirm, image_url, alt_text } = element
  if (type === 'image') return <img src={image_url} alt={alt_text ?? ''} />
  if (type === 'button' && typeof text === 'object') {
    if (url !== undefined) {
      return (
        <a class="button" href={url} target="_blank" rel="noreferrer">
          <SlackText of={text} />
        </a>
      )
    }
    return (
      <button type="button" class={style ?? ''} onClick={() => onPress(text.text, confirm)}>
        <SlackText of={text} />
      </button>
    )
  }
  if (typeof text === 'string') return <SlackText of={{ ...element, text } as Text} />
  return <>{type}</>
}
