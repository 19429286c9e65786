import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { COMPILED_CATALOG, type CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { neverAlarm } from '../alarm.ts'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'
import { type Grant, giveGrants } from './grant.ts'

export type CaretakerFunctionProps = {
  description: string
  /** What the function's `contract.ts` declares, no more and no less. */
  environment: Record<string, string>
  timeoutSeconds: number
  /** 256 unless told: memory buys CPU, and a cold start is mostly CPU. */
  memoryMegabytes?: number
  /** Everything the function may do, except writing its own log. */
  grants: readonly Grant[]
  /** Given to a function that reads it; beside its bundle it is a file (`tools.catalog()`). */
  catalog?: CompiledCatalog
  reservedConcurrency?: number
  /**
   * Its failures raise the alarm `<id>-errors`, by e-mail: only where nothing else tells of them.
   * What is invoked asynchronously ends in the dead-letter queue, and who else calls, fails too.
   */
  tellsErrors?: 'mail'
}

const BUNDLES = 'caretaker:bundles'

/** Says where `scripts/build.ts` put the functions of everything below. */
export function takeBundlesFrom(scope: Construct, directory: string): void {
  scope.node.setContext(BUNDLES, directory)
}

/**
 * A function: the bundle `dist/<id>` (see `scripts/build.ts`) with a role and a log group of its
 * own.
 *
 * @param id the folder's name in `functions/`.
 */
export function caretakerFunction(
  scope: Construct,
  id: string,
  props: CaretakerFunctionProps,
): LambdaFunction {
  const logGroup = new LogGroup(scope, `${id}-log`, {
    logGroupName: `/aws/lambda/${named(scope, id)}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const fn = new LambdaFunction(scope, id, {
    functionName: named(scope, id),
    description: props.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(bundleOf(scope, id, props.catalog)),
    handler: 'index.handler',
    environment: props.environment,
    timeout: Duration.seconds(props.timeoutSeconds),
    memorySize: props.memoryMegabytes ?? 256,
    role: ownRole(scope, id, logGroup),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    ...(props.reservedConcurrency !== undefined && {
      reservedConcurrentExecutions: props.reservedConcurrency,
    }),
  })
  giveGrants(fn, props.grants)
  explain(fn)
  if (props.tellsErrors === 'mail') {
    neverAlarm(scope, `${id}-errors`, {
      metric: fn.metricErrors(),
      meaning: `${id} failed.`,
      tellsBy: 'mail',
    })
  }
  return fn
}

/** The bundle's directory; with a catalog, a copy that has both. */
function bundleOf(scope: Construct, id: string, catalog: CompiledCatalog | undefined): string {
  const bundle = join(scope.node.getContext(BUNDLES), id)
  if (catalog === undefined) return bundle
  const outdir = Stage.of(scope)?.outdir ?? '.'
  const directory = join(outdir, 'functions', id)
  rmSync(directory, { recursive: true, force: true })
  cpSync(bundle, directory, { recursive: true })
  writeFileSync(join(directory, COMPILED_CATALOG), `${JSON.stringify(catalog, undefined, 2)}\n`)
  return directory
}

function explain(fn: LambdaFunction): void {
  acknowledge(
    fn,
    'Serverless-LambdaDLQ',
    'What is invoked asynchronously has an on-failure destination (event-rule.ts), which also says why it failed; everything else has a caller that retries.',
  )
  acknowledge(
    fn,
    'Serverless-LambdaTracing',
    'The state machine’s trace shows each call and how long it took; segments inside need the X-Ray SDK in every bundle and xray:* on *.',
  )
}

/** No managed policy: AWSLambdaBasicExecutionRole may write every log group of the account. */
function ownRole(scope: Construct, id: string, logGroup: LogGroup): Role {
  const role = new Role(scope, `${id}-role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  })
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  )
  return role
}
