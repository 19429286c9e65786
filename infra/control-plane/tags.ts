import type { Construct } from 'constructs'
import { TAG_CASES } from '../../domain/table/keys.ts'
import { pattern as resourceCreated } from '../../events/resource-created.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'
import { notOfAnother } from './roll-out-grants.ts'

/** Before people come, after AWS has counted the day. */
const DAILY = '06:30'

/** The reads of everything that can be watched. */
function readsWatched({ arns }: Feature): Grant[] {
  return [
    grant(
      [
        'autoscaling:DescribeAutoScalingGroups',
        'ec2:DescribeInstances',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'ecs:ListClusters',
        'ecs:ListServices',
        'tag:GetResources',
      ],
      ['*'],
      'They know no resources here; all only read: what is there, where, and with which tags.',
    ),
    grant(['ecs:DescribeServices'], [arns.services], 'Reads only, directly before a write.'),
    grant(['rds:DescribeDBInstances'], [arns.databases], 'Reads only: what is there.'),
    grant(['rds:DescribeDBClusters'], [arns.databaseClusters], 'Reads only: what is there.'),
  ]
}

/** Tags: what lacks those that the catalog requires gets what is known, and the rest is told. */
export class Tags extends Feature {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const { environment } = props.catalog
    const keep = this.addFunctionWithCatalog('keep-tags', {
      description: 'Sees to the tags that the catalog requires',
      environment: { TABLE_NAME: this.table.tableName, INSTANCES: this.arns.instances },
      // Ten thousand resources, a thousand of them to write, at the Tagging API's rates.
      timeoutSeconds: 600,
      memoryMegabytes: 512,
      grants: [...readsWatched(this), ...this.#writes(props), ...this.#keeps()],
    })
    this.addSchedule('keep-tags-schedule', {
      description: 'Does everything that is watched carry the tags that the catalog requires?',
      every: { at: DAILY, timeZone: environment.timeZone },
      target: keep,
      input: { sweep: 'daily' },
    })
    if (environment.trail === 'none') return
    this.addRule('resource-created', {
      description: 'Somebody has made something: whose it is, and which tags it lacks',
      pattern: resourceCreated,
      target: keep,
    })
  }

  /** The Tagging API asks for the service's own right to tag as well as for its own. */
  #writes({ catalog }: FeatureProps): Grant[] {
    const { required } = catalog.environment.tags
    const keys = ['caretaker:owner', 'caretaker:environment', ...Object.keys(required)]
    const onlyOurs = {
      ...notOfAnother(this, 'aws:ResourceTag'),
      'ForAllValues:StringEquals': { 'aws:TagKeys': keys },
    }
    const { arns } = this
    return [
      grant(
        ['tag:TagResources'],
        ['*'],
        'It knows no resources, and needs the right of each service besides.',
      ),
      grant(
        [
          'autoscaling:CreateOrUpdateTags',
          'ec2:CreateTags',
          'ecs:TagResource',
          'rds:AddTagsToResource',
        ],
        [arns.groups, arns.instances, arns.services, arns.databases, arns.databaseClusters],
        'Adds tags, and only those that the catalog requires; what another environment claims is left out.',
        onlyOurs,
      ),
    ]
  }

  #keeps(): Grant[] {
    const { table } = this
    return [
      grant(
        ['dynamodb:BatchGetItem', 'dynamodb:Query'],
        [table.tableArn],
        'Reads what is kept of tags, and which messages Slack has taken.',
      ),
      grant(
        ['dynamodb:PutItem'],
        [table.tableArn],
        'Keeps who has made what, and how far it was told. A condition limits it to these.',
        inPartitions(TAG_CASES),
      ),
    ]
  }
}
