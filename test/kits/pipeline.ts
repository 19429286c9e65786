import type { Aws } from '../../local/aws/aws.ts'

type PipelineState =
  | 'STARTED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'SUPERSEDED'
  | 'STOPPING'
  | 'STOPPED'
  | 'CANCELED'
  | 'RESUMED'
type StageState = Exclude<PipelineState, 'SUPERSEDED'>
type ActionState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'ABANDONED'

type Action = {
  category: 'Approval' | 'Build' | 'Deploy' | 'Invoke' | 'Source' | 'Test'
  provider: string
}

/** What an action says of its end, as a build does. */
export type Result = { summary: string; code?: string; url?: string; id?: string }

const ACTIONS: Readonly<Record<string, Action>> = {
  Approve: { category: 'Approval', provider: 'Manual' },
  Build: { category: 'Build', provider: 'CodeBuild' },
  Source: { category: 'Source', provider: 'CodeStarSourceConnection' },
}

/** Milliseconds from one event of a pipeline to the next. */
const STEP = 10_000

/**
 * An execution of a pipeline: it runs nothing, and puts on the bus what CodePipeline would.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export class Pipeline {
  readonly execution: string
  readonly #aws: Aws
  readonly #name: string
  readonly #started: string
  #attempt = 0

  constructor(aws: Aws, name: string, execution = aws.world.random.uuid('test/pipeline')) {
    this.#aws = aws
    this.#name = name
    this.execution = execution
    this.#started = aws.world.date.toISOString()
  }

  /** Source, then build, then the end. */
  async succeeds(): Promise<void> {
    await this.says('STARTED')
    await this.passes('Source')
    await this.passes('Build')
    await this.says('SUCCEEDED')
  }

  /** The build fails, and with it the pipeline. */
  async fails(result: Result): Promise<void> {
    await this.says('STARTED')
    await this.passes('Source')
    await this.breaks('Build', result)
    await this.says('FAILED')
  }

  /** The failed stage runs again, and passes. */
  async retried(stage = 'Build'): Promise<void> {
    this.#attempt++
    const again = { 'stage-last-retry-attempt-time': this.#aws.world.date.toISOString() }
    await this.says('RESUMED')
    await this.stage(stage, 'RESUMED', again)
    await this.action(stage, 'STARTED')
    await this.action(stage, 'SUCCEEDED')
    await this.stage(stage, 'SUCCEEDED', again)
    await this.says('SUCCEEDED')
  }

  /** A person stops it while it builds, and says why. */
  async stopped(comments: string): Promise<void> {
    const said = { 'stop-execution-comments': comments }
    await this.says('STARTED')
    await this.stage('Build', 'STARTED')
    await this.action('Build', 'STARTED')
    await this.says('STOPPING', said)
    await this.stage('Build', 'STOPPING')
    await this.action('Build', 'ABANDONED')
    await this.stage('Build', 'STOPPED')
    await this.says('STOPPED', said)
  }

  /** A newer execution has overtaken it. */
  async superseded(): Promise<void> {
    await this.says('STARTED')
    await this.says('SUPERSEDED')
  }

  /** Its pipeline was changed while it ran. */
  async canceled(): Promise<void> {
    await this.says('STARTED')
    await this.stage('Build', 'STARTED')
    await this.action('Build', 'CANCELED')
    await this.stage('Build', 'CANCELED')
    await this.says('CANCELED')
  }

  async passes(stage: string): Promise<void> {
    await this.stage(stage, 'STARTED')
    await this.action(stage, 'STARTED')
    await this.action(stage, 'SUCCEEDED')
    await this.stage(stage, 'SUCCEEDED')
  }

  async breaks(stage: string, result: Result): Promise<void> {
    await this.stage(stage, 'STARTED')
    await this.action(stage, 'STARTED')
    await this.action(stage, 'FAILED', result)
    await this.stage(stage, 'FAILED')
  }

  says(state: PipelineState, more: object = {}): Promise<void> {
    return this.#emit('Pipeline', state, more)
  }

  stage(stage: string, state: StageState, more: object = {}): Promise<void> {
    return this.#emit('Stage', state, { stage, ...more })
  }

  /** An action of the same name as its stage. */
  action(stage: string, state: ActionState, result?: Result): Promise<void> {
    const { category, provider } = ACTIONS[stage] ?? { category: 'Build', provider: 'CodeBuild' }
    const id = `${this.execution}/${stage}/${this.#attempt}`
    return this.#emit('Action', state, {
      stage,
      action: stage,
      'action-execution-id': id,
      region: this.#aws.region,
      type: { owner: 'AWS', provider, category, version: '1' },
      ...(result && { 'execution-result': resultOf(result, id) }),
    })
  }

  async #emit(kind: 'Pipeline' | 'Stage' | 'Action', state: string, more: object): Promise<void> {
    this.#aws.emit({
      source: 'aws.codepipeline',
      detailType: `CodePipeline ${kind} Execution State Change`,
      resources: [this.#aws.arn('codepipeline', this.#name)],
      detail: {
        pipeline: this.#name,
        'execution-id': this.execution,
        'start-time': this.#started,
        state,
        version: 1,
        'pipeline-execution-attempt': this.#attempt,
        ...more,
      },
      delivery: 'best-effort',
    })
    await this.#aws.world.run(STEP)
  }
}

const resultOf = ({ summary, code = 'JobFailed', url, id }: Result, usual: string) => ({
  'external-execution-url': url ?? `https://eu-central-1.console.aws.amazon.com/codebuild/${usual}`,
  'external-execution-summary': summary,
  'external-execution-id': id ?? usual,
  'error-code': code,
})
