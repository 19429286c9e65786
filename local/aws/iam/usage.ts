import type { Grant } from './evaluate.ts'
import { actionFacts } from './facts.ts'
import type { Iam } from './iam.ts'
import type { Role } from './model.ts'
import { placeOf } from './usage-counts.ts'

/** One action on one resource that a role's policy allows. */
export type RoleGrant = {
  /** Names the grant in every run, whatever the seed made of physical names. */
  key: string
  /** For people: `ecs:UpdateService on arn:aws:ecs:…:service/*`. */
  text: string
  used: number
  /** Why the local AWS can never use it, if so. */
  unexercised?: string
}

/** Everything the roles of an account are allowed to do. */
export function grantsOf(iam: Iam): RoleGrant[] {
  return iam.roles.flatMap((role) =>
    iam.permissionsOf(role).policies.flatMap(({ name, statements }) =>
      statements.flatMap(({ effect, actions, resources }, statement) => {
        if (effect === 'Deny') return []
        return actions.patterns.flatMap((action, actionAt) =>
          resources.patterns.flatMap((resource, resourceAt): RoleGrant[] => {
            if (!canReach(action, resource)) return []
            const grant = { policy: name, statement, action: actionAt, resource: resourceAt }
            const reason = unexercised(role, action)
            return [
              {
                key: grantKey(role, grant),
                text: `${action} on ${resource}`,
                used: iam.usage.count(role.name, grant),
                ...(reason === undefined ? {} : { unexercised: reason }),
              },
            ]
          }),
        )
      }),
    ),
  )
}

/** Several services may stand in one statement; an action is never about another one's resources. */
function canReach(action: string, resource: string): boolean {
  if (action.includes('*')) return true
  const [prefix = '', name = ''] = action.split(':')
  const service = resource.split(':')[2] ?? '*'
  const services = actionFacts(prefix, name)?.services
  return services === undefined || services.size === 0 || service === '*' || services.has(service)
}

/** `DevControlPlane/rolloutrole…: policy[3] action 0 on resource 1` */
export function grantKey({ name, tags }: Role, grant: Grant): string {
  const stack = tags['aws:cloudformation:stack-name']
  const logicalId = tags['aws:cloudformation:logical-id']
  return `${stack === undefined ? name : `${stack}/${logicalId}`}: ${placeOf(grant)}`
}

/**
 * What AWS does with a role outside of any call that is simulated, by the service that takes the
 * role on. Such grants are never used here, and that says nothing against them.
 */
const UNEXERCISED: readonly { service: string; actions: RegExp; reason: string }[] = [
  {
    service: 'states.amazonaws.com',
    actions: /^(xray:|logs:\w*(LogDelivery|LogDeliveries|ResourcePolic|DescribeLogGroups))/,
    reason: 'Step Functions writes logs and traces itself; here an execution has its history',
  },
  {
    service: 'ecs-tasks.amazonaws.com',
    actions: /./,
    reason: 'containers are known by their behaviour; neither they nor the ECS agent call AWS',
  },
  {
    service: 'ec2.amazonaws.com',
    actions: /./,
    reason: 'what an instance does inside is not simulated',
  },
  {
    service: 'vpc-flow-logs.amazonaws.com',
    actions: /./,
    reason: 'there is no network whose flows could be logged',
  },
]

/** People act here as themselves, not by the roles they take in an account. */
const PEOPLE =
  'people take these; test/environment/access.test.ts says what each may do, and what not'

function unexercised({ trust }: Role, action: string): string | undefined {
  const services = trust.statements.flatMap(({ principals }) => principals.map(({ name }) => name))
  if (services.some((name) => /:root$/.test(name))) return PEOPLE
  return UNEXERCISED.find(
    ({ service, actions }) => services.includes(service) && actions.test(action),
  )?.reason
}
