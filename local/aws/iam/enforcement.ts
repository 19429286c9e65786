import type { Aws, Caller, Guard } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { checksOf } from './actions.ts'
import { contextOf } from './context.ts'
import { dependentChecks } from './dependent.ts'
import { evaluate, type Grant } from './evaluate.ts'
import { Iam } from './iam.ts'
import { may } from './may.ts'
import { cannotAssume, checkTrust } from './trust.ts'

/** Everybody may ask who they are, whatever their policies say. */
const ALWAYS_ALLOWED = new Set(['sts:GetCallerIdentity'])

/** Services of the query protocols have other codes than `AccessDeniedException`. */
const CODES: Readonly<Record<string, string>> = {
  'auto-scaling': 'AccessDenied',
  ec2: 'UnauthorizedOperation',
  'elastic-load-balancing-v2': 'AccessDenied',
  iam: 'AccessDenied',
  sns: 'AuthorizationError',
  sqs: 'AccessDenied',
  sts: 'AccessDenied',
}

/** JSON services answer 400; REST and query services 403. */
const REST = new Set(['lambda', 'scheduler', ...Object.keys(CODES)])

/**
 * Checks each call of a caller with a role against that role's policies:
 * `aws.guards.push(enforcement(aws))`. What allowed a call is noted in `usage` of Iam.
 *
 * @returns a guard that throws AccessDenied in AWS's words.
 */
export function enforcement(aws: Aws): Guard {
  aws.may = (caller, right) => may(aws, caller, right)
  return ({ service, operation, input, caller }) => {
    const { roleArn } = caller
    if (roleArn === undefined) return
    const iam = aws.the(Iam)
    // A person's own machine, tried out with a made-up role: docs/local-aws.md, "Differences".
    if (caller.kind === 'machine' && iam.neverExisted(roleArn)) return
    const role = iam.findRole(roleArn)
    if (role === undefined) throw cannotAssume(caller.name, roleArn)
    checkTrust(aws, caller, roleArn, role.trust)
    if (ALWAYS_ALLOWED.has(`${service}:${operation}`)) return
    const { policies, boundary } = iam.permissionsOf(role)
    const call = { aws, service, operation, input }
    const used: Grant[] = []
    for (const check of [...checksOf(call), ...dependentChecks(call)]) {
      const context = contextOf(aws, check, { arn: roleArn, tags: role.tags })
      const decision = evaluate(policies, boundary, { ...check, context })
      if (!decision.allowed) {
        const sentence = `is not authorized to perform: ${check.action} on resource: ${check.resource} ${decision.why}`
        throw denied(service, `User: ${sessionArn(aws, roleArn, caller)} ${sentence}`)
      }
      used.push(...decision.by)
    }
    // A call that is refused in the end has used nothing.
    iam.usage.record(role.name, used)
  }
}

function denied(service: string, message: string): AwsError {
  return new AwsError(CODES[service] ?? 'AccessDeniedException', message, {
    statusCode: REST.has(service) ? 403 : 400,
  })
}

/** A role's session is named after who took it on. */
function sessionArn(aws: Aws, roleArn: string, { name }: Caller): string {
  return `arn:aws:sts::${aws.account}:assumed-role/${roleArn.split('/').at(-1)}/${name}`
}
