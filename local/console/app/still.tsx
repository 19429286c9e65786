import { Component, type ComponentType } from 'preact'

/**
 * A part that is drawn anew only when it is given something else: a page is drawn many times a
 * second, and most of what is in it stays as it was.
 */
export function still<Props extends object>(Part: ComponentType<Props>): ComponentType<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return (Object.keys(next) as (keyof Props)[]).some((name) =>
        differ(next[name], this.props[name]),
      )
    }

    override render() {
      return <Part {...this.props} />
    }
  }
}

/** Data come anew as JSON, with the same content in other objects. */
const differ = (one: unknown, other: unknown): boolean =>
  one !== other && (typeof one !== 'object' || JSON.stringify(one) !== JSON.stringify(other))
