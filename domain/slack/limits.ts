/**
 * What Slack takes in one message, in characters and items.
 * https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const LIMITS = {
  /** Of one message; a modal would take 100. */
  blocks: 50,
  /** All text of the blocks together. Not documented; seen to be refused from here on (slackapi/bolt-js#2509). */
  characters: 13_200,
  /** A new message's text is cut off here, an edit's text is refused beyond a tenth of it. */
  text: { posted: 40_000, updated: 4_000 },
  id: 255,
  section: { text: 3_000, fields: 10, field: 2_000 },
  header: 150,
  context: { elements: 10, text: 3_000 },
  actions: 25,
  button: { text: 75, value: 2_000, url: 3_000, label: 75 },
  confirm: { title: 100, text: 300, answer: 30 },
  option: { text: 75, value: 150, description: 75 },
  overflow: 5,
  select: { options: 100, placeholder: 150 },
  image: { url: 3_000, alternative: 2_000, title: 2_000 },
  /** Of all `markdown` blocks together. */
  markdown: 12_000,
  table: { rows: 100, columns: 20, characters: 10_000 },
  /** The first row is the header. One copy of the documentation says 201 rows; the lower one is safe. */
  dataTable: { rows: 101, columns: 20, page: 100 },
  /** One copy of the documentation says 12 series and segments; the lower one is safe. */
  chart: { title: 50, series: 6, points: 20, label: 20, axis: 50 },
} as const

/** As many buttons as Slack shows in a row; a block may have more, which break into lines. */
export const BUTTONS_IN_A_ROW = 5
