import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { onTestFinished } from 'vitest'
import type { Offer } from '../../domain/acts/verbs.ts'
import type { Intent, Receipt } from '../../domain/table/intent.ts'
import { intentKey, type Key } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { Recording } from '../../local/invariants/recording.ts'
import type { Outcome } from '../../local/outside/slack/interactions.ts'
import type { SlackMessage } from '../../local/outside/slack/slack.ts'
import { expectInvariants } from './invariants.ts'
import { Stage } from './roll-outs.ts'
import { type Keys, signedRequest } from './signed.ts'

/** People of the catalog: ann is in storefront, bob in ordering, olga is an operator. */
export type Somebody = 'ann' | 'ada' | 'bob' | 'olga'

/** What people do to an environment, in Slack and with their AWS credentials. */
export class Acts {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** The story that begins is looked at by all predicates when its test has ended. */
  static async open(options: Parameters<typeof Stage.open>[0] = {}): Promise<Acts> {
    const acts = new Acts(await Stage.open(options))
    const recording = new Recording(acts.stage.simulation)
    onTestFinished(() => expectInvariants(recording))
    return acts
  }

  get slack() {
    return this.stage.simulation.slack
  }

  get now(): Date {
    return this.stage.simulation.world.date
  }

  /** Somebody types `/caretaker …`. @returns what they are told, and by whom it is seen. */
  async types(by: Somebody, text: string): Promise<string> {
    const before = this.told(by).length
    const posted = this.slack.messages.length
    await this.#during(this.slack.does.command(`/caretaker ${text}`, { by }))
    const shown = this.told(by).slice(before)
    const said = this.slack.messages.slice(posted).map((message) => message.text)
    return [...shown, ...said].join('\n')
  }

  /** What only this person sees, oldest first. */
  told(who: Somebody): string[] {
    const { people } = this.slack
    return people.shownTo(people.get(who).id).map(({ text }) => text)
  }

  async presses(by: Somebody, label: string, more: object = {}): Promise<Outcome> {
    return this.#during(this.slack.does.press(label, { by, ...more }))
  }

  /** Two people do something at the same moment. */
  together(...what: Promise<unknown>[]): Promise<unknown[]> {
    return this.#during(Promise.all(what))
  }

  async mentions(by: Somebody, text: string, thread?: SlackMessage) {
    const asked = { by, ...(thread === undefined ? {} : { thread }) }
    return this.#during(this.slack.does.mention(text, asked))
  }

  /** Lets the world run until something has come to its end. */
  async #during<Result>(what: Promise<Result>, milliseconds = 8_000): Promise<Result> {
    what.catch(() => {})
    await this.stage.simulation.world.run(milliseconds)
    return what
  }

  /** A message with a button, as the notifier posts it; its intent is in the table. */
  async offer(
    offer: Pick<Offer, 'verb' | 'input' | 'expected'> & Partial<Offer>,
    { team = 'storefront', record, minutes = 60 }: { team?: string; record: Key; minutes?: number },
  ): Promise<{ id: string; label: string }> {
    const { length } = this.slack.messages
    const id = `intent-${length}`
    const label = offer.label ?? `${offer.verb} ${length}`
    const intent: Intent = {
      version: VERSION,
      verb: offer.verb,
      input: offer.input,
      team,
      expected: offer.expected,
      record,
      createdAt: this.now.toISOString(),
      until: new Date(this.now.getTime() + minutes * 60_000).toISOString(),
    }
    await this.put({ ...intentKey(id), ...intent })
    const button = {
      type: 'button',
      action_id: offer.verb,
      value: id,
      text: { type: 'plain_text', text: label },
    }
    await this.#post(label, [
      { type: 'section', text: { type: 'mrkdwn', text: label } },
      { type: 'actions', elements: [button] },
    ])
    return { id, label }
  }

  async #post(text: string, blocks: object[]): Promise<void> {
    const { internet } = this.stage.simulation
    const request = new Request('https://slack.com/api/chat.postMessage', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.slack.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ channel: '#storefront', text, blocks }),
    })
    await this.#during(internet.deliver(request), 2_000)
  }

  put(item: object): Promise<unknown> {
    return this.stage.call('dynamodb', 'PutItem', {
      TableName: 'dev-caretaker',
      Item: marshall(item, { removeUndefinedValues: true }),
    })
  }

  /** Every item of the table. */
  async items(): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.stage.call<{ Items: Parameters<typeof unmarshall>[0][] }>(
      'dynamodb',
      'Scan',
      { TableName: 'dev-caretaker' },
    )
    return Items.map((item) => unmarshall(item))
  }

  async item({ pk, sk }: Key): Promise<Record<string, unknown> | undefined> {
    return (await this.items()).find((item) => item.pk === pk && item.sk === sk)
  }

  async receipts(): Promise<Receipt[]> {
    const items = await this.items()
    return items
      .filter(({ sk }) => String(sk).startsWith('receipt#'))
      .map((item) => item as unknown as Receipt)
      .toSorted((a, b) => a.at.localeCompare(b.at))
  }

  /** The record of the last roll-out of a service. */
  async lastRecord(service: string): Promise<Key & Record<string, unknown>> {
    const items = await this.items()
    const records = items.filter(
      ({ pk, sk }) => String(pk).endsWith(`/${service}`) && String(sk).startsWith('roll-out#'),
    )
    const last = records.toSorted((a, b) => String(a.sk).localeCompare(String(b.sk))).at(-1)
    if (last === undefined) throw new Error(`${service} has no roll-out`)
    return last as Key & Record<string, unknown>
  }

  /** The address of an entrance. */
  url(output: 'AnswerCallerUrl' | 'ReceiveSlackUrl'): string {
    const stack = this.stage.simulation.deployed.stacks.find(
      ({ name }) => name === 'DevControlPlane',
    )
    return String(stack?.outputs[output])
  }

  /** Sends a request from outside, and lets it come to its end. */
  async send(request: Request): Promise<{ status: number; text: string }> {
    const { internet } = this.stage.simulation
    const answer = this.#during(internet.deliver(request))
    const { status } = await answer
    return { status, text: await (await answer).text() }
  }

  /** The same, with no more time than the answer takes. */
  async quick(request: Request): Promise<{ status: number; text: string }> {
    const { internet, world } = this.stage.simulation
    let ended = false
    const answer = internet.deliver(request).finally(() => {
      ended = true
    })
    await world.settle()
    while (!ended && (await world.step())) {
      // each step is one moment
    }
    const { status } = await answer
    return { status, text: await (await answer).text() }
  }

  /** Asks the IAM entrance, signed with these keys. */
  async calls(keys: Keys, body: object): Promise<{ status: number; text: string }> {
    const request = await signedRequest(this.url('AnswerCallerUrl'), keys, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      at: this.now,
    })
    return this.send(request)
  }

  /** A session of a role of this environment, or of one of Identity Center's. */
  session(role: string, name: string, path = ''): Keys {
    const { aws, sts, iam } = this.stage.simulation
    const arn = `arn:aws:iam::${aws.account}:role/${path}${role}`
    if (iam.findRole(arn) === undefined) throw new Error(`There is no role ${arn}`)
    return sts.sessions.open(arn, name, 3_600)
  }
}
