import type {
  DescribeListenersOutput,
  DescribeLoadBalancersOutput,
  DescribeRulesOutput,
  Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { marshall } from '@aws-sdk/util-dynamodb'
import { isWakePriority } from '../../domain/routes.ts'
import { VERSION } from '../../domain/table/version.ts'
import { until } from '../../local/scenario/until.ts'
import { itemsOfKind } from './items.ts'
import { EVENING, Night } from './nights.ts'
import { PERSON } from './roll-outs.ts'

const HOURS = 'schedule: office-hours\n'

/** Three services behind the load balancer; each needs the one before. */
export const ROUTED = {
  'services/products.yaml': `team: storefront\nroute: { path: /products/*, priority: 1 }\n${HOURS}`,
  'services/orders.yaml': `team: ordering\nroute: { path: /orders/*, priority: 2 }\ndependsOn: [products]\nwakeFor: all\n${HOURS}`,
  'services/web.yaml': `kind: web\nteam: storefront\nroute: { path: /*, priority: 3 }\ndependsOn: [orders]\n${HOURS}`,
}

/** A browser that somebody sits at, over an encrypted connection. */
export const BROWSER = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

type Got = {
  status: number
  state: string | null
  headers: Headers
  text: string
  /** The service that answered. */
  by?: string
  /** `orders starting` */
  parts: string[]
}

const ROW = /<li><span>([^<]+) \(\w+\)<\/span><span class="state \w+">(\w+)[^<]*<\/span><\/li>/g

/** The same without encryption: browsers do not say what they are about there. */
export const PLAIN_BROWSER = { accept: BROWSER.accept, 'user-agent': BROWSER['user-agent'] }

const VISITED = ['products', 'orders', 'web']

/** A night in an environment whose services people come to. */
export class Visitors extends Night {
  #address = ''
  scheme: 'http' | 'https' = 'http'

  static override async open(catalog: string): Promise<Visitors> {
    return Visitors.begin(catalog, VISITED)
  }

  /** As `open`, in the evening. */
  static evening(catalog: string): Promise<Visitors> {
    return Visitors.begin(catalog, VISITED, EVENING)
  }

  static async begin(catalog: string, names: readonly string[], start?: Date): Promise<Visitors> {
    const { stage } = await Night.open(catalog, names, start)
    const night = new Visitors(stage, names)
    night.#address = await night.#entrance()
    return night
  }

  /** Where the load balancer is. */
  get origin(): string {
    return `http://${this.#address}`
  }

  minutes(count: number): Promise<void> {
    return this.stage.minutes(count)
  }

  /** Sends a request to the load balancer, and waits for the answer. */
  async get(
    path: string,
    headers: Record<string, string> = {},
    more: RequestInit = {},
  ): Promise<Got> {
    const { world, internet } = this.stage.simulation
    const request = new Request(`${this.scheme}://${this.#address}${path}`, { headers, ...more })
    const response = await until(world, internet.deliver(request))
    const text = await response.text()
    const { service } =
      response.headers.has('caretaker-state') || !text.startsWith('{')
        ? { service: undefined }
        : (JSON.parse(text) as { service?: string })
    return {
      status: response.status,
      state: response.headers.get('caretaker-state'),
      headers: response.headers,
      text,
      ...(service !== undefined && { by: service }),
      parts: [...text.matchAll(ROW)].map(([, name, state]) => `${name} ${state}`),
    }
  }

  async #entrance(): Promise<string> {
    const { LoadBalancers = [] } = await this.elb<DescribeLoadBalancersOutput>(
      'DescribeLoadBalancers',
      { Names: ['dev-public'] },
    )
    return LoadBalancers[0]?.DNSName ?? ''
  }

  /** Rules of the load balancer that lead to the page, by the paths that they fit. */
  async wakeRules(): Promise<string[]> {
    const rules = await this.rules()
    return rules.map(({ Conditions = [] }) =>
      Conditions.flatMap((one) => one.PathPatternConfig?.Values ?? []).join(' '),
    )
  }

  async listener(): Promise<string> {
    const { Listeners = [] } = await this.elb<DescribeListenersOutput>('DescribeListeners', {})
    return (
      Listeners.find(({ Port }) => Port === (this.scheme === 'https' ? 443 : 80))?.ListenerArn ?? ''
    )
  }

  async rules(): Promise<Rule[]> {
    const ListenerArn = await this.listener()
    if (ListenerArn === '') return []
    const { Rules = [] } = await this.elb<DescribeRulesOutput>('DescribeRules', { ListenerArn })
    return Rules.filter(({ Priority }) => isWakePriority(Number(Priority)))
  }

  /** What visitors of a service have asked for. */
  visit(service: string): Record<string, unknown> | undefined {
    return itemsOfKind(this.stage.simulation, 'override').find(
      (one) => one.service === service && one.source === 'visitor',
    )
  }

  /** Writes an override as an act or a budget does. */
  async order(more: object): Promise<void> {
    const { aws, world } = this.stage.simulation
    const from = world.date.toISOString()
    const until = new Date(world.now + 12 * 60 * 60_000).toISOString()
    const item = { version: VERSION, kind: 'asleep', from, until, by: 'ana', why: '', ...more }
    const key = { pk: 'sleep', sk: `override#${from}#ana` }
    const put = { TableName: 'dev-caretaker', Item: marshall({ ...key, ...item }) }
    await aws.call('dynamodb', 'PutItem', put, PERSON)
  }

  /** How often the machine was started in the name of a visitor. */
  get starts(): number {
    return this.stage.simulation.aws.calls.filter(
      ({ by, operation }) => by.endsWith('answer-visitor') && operation === 'StartExecution',
    ).length
  }

  elb<Output>(operation: string, input: object): Promise<Output> {
    return this.stage.call<Output>('elastic-load-balancing-v2', operation, input)
  }
}
