// Finds the instances of a service that may be called now, and says how its circuit stands.
//
//   node docs/examples/discover.mjs <service> [--namespace dev.internal] [--endpoint-url URL]
//
// Needs servicediscovery:DiscoverInstances, servicediscovery:ListServices and
// servicediscovery:GetServiceAttributes. Any SDK has the same three calls.
import { parseArgs } from 'node:util'
import {
  DiscoverInstancesCommand,
  GetServiceAttributesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    namespace: { type: 'string', default: 'dev.internal' },
    'endpoint-url': { type: 'string' },
  },
})
const [service] = positionals
if (service === undefined) {
  console.error('Name a service: node docs/examples/discover.mjs products')
  process.exit(2)
}
const endpoint = values['endpoint-url']
// AWS has a host of its own for DiscoverInstances (data-servicediscovery…); an endpoint has not.
const client = new ServiceDiscoveryClient(
  endpoint === undefined ? {} : { endpoint, disableHostPrefix: true },
)

/** The instances to call. HEALTHY, and not HEALTHY_OR_ELSE_ALL: that calls what was taken out. */
const { Instances = [] } = await client.send(
  new DiscoverInstancesCommand({
    NamespaceName: values.namespace,
    ServiceName: service,
    HealthStatus: 'HEALTHY',
  }),
)

/** Closed where it says nothing. */
async function circuit() {
  const { Namespaces = [] } = await client.send(new ListNamespacesCommand({}))
  const id = Namespaces.find(({ Name }) => Name === values.namespace)?.Id
  const { Services = [] } = await client.send(
    new ListServicesCommand({
      Filters: [{ Name: 'NAMESPACE_ID', Condition: 'EQ', Values: [id ?? ''] }],
    }),
  )
  const found = Services.find(({ Name }) => Name === service)
  const { ServiceAttributes } = await client.send(
    new GetServiceAttributesCommand({ ServiceId: found?.Id }),
  )
  const said = ServiceAttributes?.Attributes ?? {}
  return {
    state: said['caretaker.circuit'] ?? 'closed',
    since: said['caretaker.circuit.since'] ?? '',
    reason: said['caretaker.circuit.reason'] ?? '',
    version: Number(said['caretaker.circuit.version'] ?? 0),
  }
}

const { state, since, reason } = await circuit()
console.log(
  JSON.stringify({
    instances: Instances.map(({ Attributes }) => Attributes?.AWS_INSTANCE_IPV4),
    circuit: { state, since, reason },
  }),
)
