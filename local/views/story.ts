import { shortDigest } from '../../domain/image.ts'
import { isKeptName } from '../../domain/kept-name.ts'
import type { Simulation } from '../simulation/simulation.ts'
import type { PushRecord } from './kept.ts'

/** One thing that happened: when, what, and lines that belong below it. */
export type Told = { at: Date; text: string; below: string[] }

/**
 * Reports what happens in an environment, as it happens: pushes, decisions with their reasons,
 * Slack messages. Checks after each moment for what is new.
 */
export class Story {
  readonly #simulation: Simulation
  readonly #tell: (told: Told) => void
  readonly #standings = new Map<string, string>()
  /** The text of each message when it was last reported. */
  readonly #slack = new Map<string, string>()
  readonly #pushed = new Set<string>()
  #journal = 0
  #recordsChanged = true

  constructor(simulation: Simulation, tell: (told: Told) => void) {
    this.#simulation = simulation
    this.#tell = tell
    this.#journal = simulation.eventbridge.journal.length
    simulation.records.onChange(() => {
      this.#recordsChanged = true
    })
    simulation.world.onChange(() => this.#report())
  }

  #report(): void {
    this.#pushes()
    if (this.#recordsChanged) this.#records()
    this.#messages()
  }

  #pushes(): void {
    const { journal } = this.#simulation.eventbridge
    for (; this.#journal < journal.length; this.#journal++) {
      const entry = journal[this.#journal]
      const { detail, source } = entry?.event ?? {}
      if (source !== 'aws.ecr' || detail?.['action-type'] !== 'PUSH') continue
      const { 'repository-name': repository, 'image-tag': tag, 'image-digest': pushed } = detail
      // An index is pushed after its untagged images; only the tagged push is one of ours.
      if (typeof tag === 'string' && isKeptName(tag)) continue
      if (![repository, tag, pushed].every((one) => typeof one === 'string' && one !== '')) continue
      const image = `${repository}:${tag}`
      const again = this.#pushed.has(entry?.event.id ?? '')
      this.#pushed.add(entry?.event.id ?? '')
      const lost = entry?.fault === 'lose' ? '; its event is lost' : ''
      const digest = shortDigest(String(pushed))
      this.#say(
        again
          ? `the event of ${image} (${digest}) arrives again`
          : `an image is pushed to ${image} (${digest})${lost}`,
      )
    }
  }

  #records(): void {
    this.#recordsChanged = false
    for (const record of this.#simulation.records.all) {
      const key = `${record.pk} ${record.sk}`
      if (this.#standings.get(key) === record.verdict) continue
      this.#standings.set(key, record.verdict)
      this.#say(sentence(record), this.#why(record))
    }
  }

  #why({ failure, verdict }: PushRecord): string[] {
    if (failure === undefined || verdict === 'rolling-out') return []
    return failure.logs.slice(-6).map((line) => `| ${line}`)
  }

  #messages(): void {
    for (const message of this.#simulation.slack.messages) {
      if (this.#slack.get(message.ts) === message.text) continue
      const edit = this.#slack.has(message.ts) ? ' (the same message, edited)' : ''
      this.#slack.set(message.ts, message.text)
      const [first = '', ...rest] = message.text.split('\n')
      this.#say(
        `Slack ${message.channel}${edit}: ${first}`,
        rest.map((line) => `| ${line}`),
      )
    }
  }

  #say(text: string, below: string[] = []): void {
    this.#tell({ at: this.#simulation.world.date, text, below })
  }
}

function sentence({ service, repository, tag, digest, verdict, reason }: PushRecord): string {
  const image = `${tag} (${shortDigest(digest)})`
  const who = service ?? `repository ${repository}`
  if (verdict === 'rolling-out') return `${who} rolls out ${image}: ${reason}`
  if (verdict === 'waiting') return `${who}: ${image} waits: ${reason}`
  return `${who}: ${image} is ${verdict.toUpperCase()}: ${reason}`
}
