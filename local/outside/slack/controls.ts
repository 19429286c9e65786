import type { Block } from './message.ts'

/** A question Slack asks before it sends a press on. */
export type Question = { title: string; text: string; confirm: string; deny: string }

/** Something a person can press in a message: a button, or an option of a menu. */
export type Control = {
  /** What it says. */
  label: string
  /** Opened in the person's browser, besides what is sent. */
  url?: string
  question?: Question
  /** As `actions` of the payload has it, without `action_ts`. */
  action: Record<string, unknown>
}

type Text = { type: string; text: string }
type Element = Record<string, unknown> & {
  type: string
  text?: Text
  options?: { text: Text; value: string; url?: string }[]
  confirm?: { title: Text; text: Text; confirm: Text; deny: Text }
  url?: string
}

/** Blocks as Slack keeps them: every block and every control has an id, given or made up. */
export function withIds(blocks: readonly Block[]): Block[] {
  return blocks.map((block, at) => {
    const { elements, accessory } = block as { elements?: Element[]; accessory?: Element }
    return {
      ...block,
      block_id: block.block_id ?? `block-${at}`,
      ...(block.type === 'actions' && elements !== undefined
        ? { elements: elements.map((one, place) => withId(one, `${at}-${place}`)) }
        : {}),
      ...(accessory === undefined || accessory.type === 'image'
        ? {}
        : { accessory: withId(accessory, String(at)) }),
    }
  })
}

const withId = (element: Element, place: string): Element => ({
  ...element,
  action_id: element.action_id ?? `action-${place}`,
})

/** Everything that can be pressed in a message. */
export function controlsIn(blocks: readonly Block[]): Control[] {
  return withIds(blocks).flatMap((block) => {
    const { elements, accessory } = block as { elements?: Element[]; accessory?: Element }
    const pressed = block.type === 'actions' ? (elements ?? []) : accessory ? [accessory] : []
    return pressed.flatMap((one) => controlsOf(one, String(block.block_id)))
  })
}

function controlsOf(element: Element, block_id: string): Control[] {
  const { type, action_id, confirm, options = [], text, value, style, url } = element
  const question = confirm && {
    title: confirm.title.text,
    text: confirm.text.text,
    confirm: confirm.confirm.text,
    deny: confirm.deny.text,
  }
  const asked = question === undefined ? {} : { question }
  const action = { type, action_id, block_id, ...(confirm === undefined ? {} : { confirm }) }
  if (type === 'button') {
    const more = Object.entries({ value, style, url }).filter(([, one]) => one !== undefined)
    const link = url === undefined ? {} : { url }
    const payload = { ...action, text, ...Object.fromEntries(more) }
    return [{ label: text?.text ?? '', ...link, ...asked, action: payload }]
  }
  return options.map((option) => ({
    label: option.text.text,
    ...(option.url === undefined ? {} : { url: option.url }),
    ...asked,
    action: { ...action, selected_option: option },
  }))
}
