import type {
  DeleteDashboardsInput,
  GetDashboardInput,
  ListDashboardsInput,
  PutDashboardInput,
} from '@aws-sdk/client-cloudwatch'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { page } from '../members.ts'
import { type Tags, tagsFrom } from '../tags.ts'

type Dashboard = { name: string; arn: string; body: string; modifiedAt: Date; tags: Tags }

/** Dashboards: kept as they are given, if they are JSON with widgets. */
export class Dashboards {
  readonly #aws: Aws
  readonly #dashboards = new Map<string, Dashboard>()

  constructor(aws: Aws) {
    this.#aws = aws
  }

  get all(): readonly Dashboard[] {
    return [...this.#dashboards.values()]
  }

  operations() {
    return {
      PutDashboard: (input: PutDashboardInput) => this.#put(input),
      GetDashboard: ({ DashboardName }: GetDashboardInput) => {
        const { name, arn, body } = this.#find(DashboardName)
        return { DashboardArn: arn, DashboardBody: body, DashboardName: name }
      },
      ListDashboards: ({ DashboardNamePrefix = '', NextToken }: ListDashboardsInput) => {
        const found = this.all.filter(({ name }) => name.startsWith(DashboardNamePrefix))
        const asked = { token: NextToken, limit: 1000, invalid: 'InvalidNextToken' }
        const { items, next } = page(found, asked)
        return { DashboardEntries: items.map(entry), ...(next && { NextToken: next }) }
      },
      DeleteDashboards: ({ DashboardNames = [] }: DeleteDashboardsInput) => {
        for (const { name } of DashboardNames.map((one) => this.#find(one))) {
          this.#dashboards.delete(name)
        }
        return {}
      },
    }
  }

  #put({ DashboardName: name = '', DashboardBody: body = '', Tags }: PutDashboardInput) {
    if (!/^[\w-]{1,255}$/.test(name)) {
      throw new AwsError('InvalidParameterInput', `The dashboard name ${name} is invalid`)
    }
    const problem = problemOf(body)
    if (problem !== undefined) {
      const message = `The field DashboardBody must be a valid JSON object: ${problem}`
      throw new AwsError('InvalidParameterInput', message)
    }
    this.#dashboards.set(name, {
      name,
      arn: `arn:aws:cloudwatch::${this.#aws.account}:dashboard/${name}`,
      body,
      modifiedAt: this.#aws.world.date,
      tags: this.#dashboards.get(name)?.tags ?? tagsFrom(Tags),
    })
    return { DashboardValidationMessages: [] }
  }

  #find(name: string | undefined): Dashboard {
    const dashboard = this.#dashboards.get(name ?? '')
    if (dashboard !== undefined) return dashboard
    throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, { statusCode: 404 })
  }
}

const entry = ({ name, arn, body, modifiedAt }: Dashboard) => ({
  DashboardName: name,
  DashboardArn: arn,
  LastModified: modifiedAt,
  Size: Buffer.byteLength(body),
})

function problemOf(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { widgets?: unknown } | null
    return Array.isArray(parsed?.widgets) ? undefined : 'it has no widgets'
  } catch (error) {
    return (error as Error).message
  }
}
