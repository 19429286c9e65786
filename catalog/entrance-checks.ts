import type { Check } from './check.ts'
import { didYouMean } from './near.ts'
import type { NlbListener } from './nlb-schema.ts'
import { shown } from './problem.ts'

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_VALUES = 5

const conditionsFit: Check = ({ route }, { problem }) => {
  if (route === undefined) return []
  const count = route.paths.length + route.hosts.length + (route.sources?.length ?? 0)
  if (count <= MOST_VALUES) return []
  const allowed = `up to ${MOST_VALUES} paths, hosts and sources together, as many as a rule may have`
  const remedy = 'name fewer, with * where that fits'
  return [problem(['route'], { found: String(count), allowed, remedy })]
}

/** gRPC is spoken over HTTP/2, which a load balancer speaks to clients over HTTPS alone. */
const grpcIsSecure: Check = ({ route }, { problem }, { environment }) => {
  const { protocol } = route ?? {}
  if (environment === undefined || protocol !== 'grpc' || environment.certificate) return []
  const allowed = 'http1 or http2: the load balancer takes gRPC over HTTPS only'
  const remedy = 'change it, or add certificate to environment.yaml'
  return [problem(['route', 'protocol'], { found: shown(protocol), allowed, remedy })]
}

const codesFit: Check = ({ route, health }, { problem }) => {
  const codes = health?.codes
  if (route === undefined || codes === undefined) return []
  const grpc = route.protocol === 'grpc'
  if (codes.split(/[-,]/).every((code) => Number(code) < 100 === grpc)) return []
  const allowed = grpc
    ? 'codes of gRPC, 0 to 99, such as 0 or 0-99'
    : 'answers of HTTP, 200 to 499, such as 200-299'
  return [problem(['health', 'codes'], { found: shown(codes), allowed, remedy: 'change it' })]
}

const signInIsThere: Check = ({ route }, { problem }, { environment }) => {
  if (environment === undefined || !route?.signIn || environment.signIn) return []
  const allowed = 'false: the environment has no signIn'
  const remedy = 'remove it, or add signIn to environment.yaml'
  return [problem(['route', 'signIn'], { found: 'true', allowed, remedy })]
}

/** People sign in with a browser; a program that speaks gRPC cannot. */
const peopleSignIn: Check = ({ route }, { problem }) => {
  if (!route?.signIn || route.protocol !== 'grpc') return []
  const allowed = 'false with protocol grpc: only a browser can sign in'
  return [problem(['route', 'signIn'], { found: 'true', allowed, remedy: 'remove it' })]
}

const portsListen: Check = (service, { problem }, { environment }) =>
  (service.nlb ?? []).flatMap((one, index) => {
    const at = (field: keyof NlbListener, allowed: string, remedy: string) =>
      problem(['nlb', index, field], { found: shown(one[field]), allowed, remedy })
    const listening = Object.keys(service.sidecars).filter(
      (name) => one.to !== undefined || service.sidecars[name]?.port !== undefined,
    )
    if (one.container !== undefined && !listening.includes(one.container)) {
      const allowed = listening.join(', ') || 'nothing: no sidecar has a port'
      const remedy = didYouMean(one.container, listening, 'change it, or give the sidecar a port')
      return [at('container', allowed, remedy)]
    }
    if (one.protocol !== 'tls' || environment === undefined || environment.certificate) return []
    const allowed = 'tcp or udp: the environment has no certificate'
    return [at('protocol', allowed, 'change it, or add certificate to environment.yaml')]
  })

/** Whether what is said of the ways in from outside can be so. */
export const entranceChecks: readonly Check[] = [
  conditionsFit,
  grpcIsSecure,
  codesFit,
  signInIsThere,
  peopleSignIn,
  portsListen,
]
