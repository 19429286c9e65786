import { describe, expect, test } from 'vitest'
import { refused, section, workspace } from '../kits/slack.ts'

describe('what Slack refuses', () => {
  test('a token that is not the bot’s', async () => {
    const { post } = workspace({ token: 'xoxb-other' })
    await expect(post()).rejects.toMatchObject(refused('invalid_auth'))
  })

  test.each([
    ['a channel there is not', { channel: '#nowhere' }, 'channel_not_found'],
    ['a message that says nothing', { text: '' }, 'no_text'],
    ['an answer to no thread', { thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata without a type', { metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    ['metadata that is a list', { metadata: [] }, 'invalid_metadata_format'],
    [
      'metadata without a payload',
      { metadata: { event_type: 'a', event_payload: null } },
      'invalid_metadata_format',
    ],
    [
      'metadata with more',
      { metadata: { event_type: 'a', event_payload: {}, key: 'x' } },
      'invalid_metadata_format',
    ],
    ['blocks that are no JSON', { blocks: '[' }, 'invalid_blocks_format'],
    [
      'too much text in blocks',
      { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_900))) },
      'msg_blocks_too_long',
    ],
  ])('%s', async (_, more, error) => {
    await expect(workspace().post(more)).rejects.toMatchObject(refused(error))
  })

  test('a name where the id is asked for', async () => {
    const { call, post } = workspace()
    const { ts = '' } = await post()
    const update = call((client) => client.chat.update({ channel: '#orders', ts, text: 'x' }))
    await expect(update).rejects.toMatchObject(refused('channel_not_found'))
    const history = call((client) => client.conversations.history({ channel: '#orders' }))
    await expect(history).rejects.toMatchObject(refused('channel_not_found'))
  })

  test('an edit of no message, or with more than 4,000 characters', async () => {
    const { call, post } = workspace()
    const { channel = '', ts = '' } = await post()
    const other = call((client) => client.chat.update({ channel, ts: '1.000001', text: 'x' }))
    await expect(other).rejects.toMatchObject(refused('message_not_found'))
    const long = call((client) => client.chat.update({ channel, ts, text: 'x'.repeat(4_001) }))
    await expect(long).rejects.toMatchObject(refused('msg_too_long'))
  })

  test('a method or argument that is not simulated, by name', async () => {
    const { call, post } = workspace()
    await expect(post({ icon_emoji: ':x:' })).rejects.toMatchObject(
      refused('invalid_arguments', [
        '[ERROR] the simulated Slack does not know the argument icon_emoji',
      ]),
    )
    const other = call((client) => client.apiCall('pins.add', {}))
    await expect(other).rejects.toMatchObject(
      refused('unknown_method', ['[ERROR] the simulated Slack has no method pins.add']),
    )
  })

  const button = (more: object) => ({
    type: 'button',
    text: { type: 'plain_text', text: 'Undo' },
    ...more,
  })

  test.each([
    [
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      [section('x'.repeat(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [[section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [[{ type: 'section' }], 'missing required field: text or fields [json-pointer:/blocks/0]'],
    [[{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0/text]'],
    [[{ type: 'sections' }], 'unsupported type [json-pointer:/blocks/0/type]'],
    [
      [{ type: 'divider', colour: 'red' }],
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      [{ type: 'context', elements: Array.from({ length: 11 }, () => section('x').text) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      [{ type: 'actions', elements: [button({ value: 'x'.repeat(2001) })] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      [
        {
          type: 'actions',
          elements: [button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })],
        },
      ],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      'block_id `a` already exists [json-pointer:/blocks/1/block_id]',
    ],
  ])('blocks: %#', async (blocks, problem) => {
    await expect(workspace().post({ blocks })).rejects.toMatchObject(
      refused('invalid_blocks', [`[ERROR] ${problem}`]),
    )
  })
})
