import { SlackText, type Text } from './text.tsx'

/** The parts of Block Kit that Caretaker uses, loosely: whatever came is shown as far as it goes. */
type Block = {
  type: string
  text?: Text
  fields?: Text[]
  accessory?: Element
  elements?: Element[]
  image_url?: string
  alt_text?: string
  title?: Text
}

type Element = {
  type: string
  text?: Text | string
  style?: 'primary' | 'danger'
  image_url?: string
  alt_text?: string
}

export function Blocks({ blocks }: { blocks: unknown[] }) {
  return (
    <>
      {(blocks as Block[]).map((block, index) => (
        <BlockOf key={index} block={block} />
      ))}
    </>
  )
}

function BlockOf({ block }: { block: Block }) {
  switch (block.type) {
    case 'header':
      return <h4>{block.text && <SlackText of={block.text} />}</h4>
    case 'section':
      return <Section block={block} />
    case 'context':
      return (
        <p class="context">
          <Elements elements={block.elements} />
        </p>
      )
    case 'actions':
      return (
        <div class="actions">
          <Elements elements={block.elements} />
        </div>
      )
    case 'image':
      return (
        <figure>
          {block.title && (
            <figcaption>
              <SlackText of={block.title} />
            </figcaption>
          )}
          <img src={block.image_url} alt={block.alt_text ?? ''} />
        </figure>
      )
    case 'divider':
      return <hr />
    default:
      return <p class="context">A block of type {block.type}</p>
  }
}

function Section({ block: { text, fields = [], accessory } }: { block: Block }) {
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
      {accessory && <ElementOf element={accessory} />}
    </div>
  )
}

function Elements({ elements = [] }: { elements: Element[] | undefined }) {
  return elements.map((element, index) => <ElementOf key={index} element={element} />)
}

function ElementOf({ element }: { element: Element }) {
  const { type, text, style, image_url, alt_text } = element
  if (type === 'image') return <img src={image_url} alt={alt_text ?? ''} />
  if (type === 'button' && typeof text === 'object') {
    return (
      <button type="button" class={style ?? ''} disabled title="Not connected yet">
        <SlackText of={text} />
      </button>
    )
  }
  if (typeof text === 'string') return <SlackText of={{ ...element, text } as Text} />
  return <>{type}</>
}
