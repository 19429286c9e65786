/** An error as AWS answers it: `name` is the modelled code (`ResourceNotFoundException`). */
export class AwsError extends Error {
  readonly statusCode: number
  /** Further members of the modelled error, for instance `Item` of a failed condition. */
  readonly members: Record<string, unknown>

  constructor(
    name: string,
    message: string,
    options: { statusCode?: number; members?: Record<string, unknown> } = {},
  ) {
    super(message)
    this.name = name
    this.statusCode = options.statusCode ?? 400
    this.members = options.members ?? {}
  }
}

/** An operation, member or value AWS has and this simulation has not. */
export class NotImplemented extends AwsError {
  constructor(what: string) {
    super('NotImplemented', `The local AWS does not simulate ${what}. See docs/local-aws.md.`, {
      statusCode: 501,
    })
  }
}
