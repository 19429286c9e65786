import type { Construct } from 'constructs'
import { TAG_CASES, TAG_NOTICE, TAG_REPORT } from '../../domain/table/keys.ts'
import { DAILY_SWEEP } from '../../domain/tagging/sweep-time.ts'
import { TAGS } from '../../domain/tags.ts'
import { pattern as resourceCreated } from '../../events/resource-created.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'
import { notOfAnother } from './roll-out-grants.ts'

/** The reads of everything that can be watched. */
function readsWatched({ arns }: Feature): Grant[] {
  return [
    grant(
      [
        'autoscaling:DescribeAutoScalingGroups',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'ecs:ListClusters',
        'ecs:ListServices',
        'tag:GetResources',
        'tag:ListRequiredTags',
      ],
      ['*'],
      'They know no resources here; all only read: what is there, where, and with which tags.',
    ),
    grant(
      ['ec2:DescribeInstanceAttribute'],
      [arns.instances],
      'Reads only, directly before a stop: whether it is protected.',
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
      grants: [...readsWatched(this), ...this.#writes(props), ...this.#stops(), ...this.#keeps()],
    })
    this.addSchedule('keep-tags-schedule', {
      description: 'Does everything that is watched carry the tags that the catalog requires?',
      every: { at: DAILY_SWEEP, timeZone: environment.timeZone },
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
    const keys = [TAGS.owner, TAGS.environment, TAGS.tagsDue, ...Object.keys(required)]
    const only = (own: readonly string[]) => ({
      ...notOfAnother(this, 'aws:ResourceTag'),
      'ForAllValues:StringEquals': { 'aws:TagKeys': own },
    })
    const { arns } = this
    return [
      grant(
        ['tag:TagResources', 'tag:UntagResources'],
        ['*'],
        'They know no resources, and need the right of each service besides.',
      ),
      ...this.#each(
        {
          'autoscaling:CreateOrUpdateTags': [arns.groups],
          'ec2:CreateTags': [arns.instances],
          'ecs:TagResource': [arns.services],
          'rds:AddTagsToResource': [arns.databases, arns.databaseClusters],
        },
        'Adds tags: only those that the catalog requires, and our mark; what another environment claims is left out.',
        only(keys),
      ),
      ...this.#each(
        {
          'autoscaling:DeleteTags': [arns.groups],
          'ec2:DeleteTags': [arns.instances],
          'ecs:UntagResource': [arns.services],
          'rds:RemoveTagsFromResource': [arns.databases, arns.databaseClusters],
        },
        'Takes off our mark, and no other tag.',
        only([TAGS.tagsDue]),
      ),
    ]
  }

  /** Each action on its own service's resources alone. */
  #each(
    actions: Record<string, readonly string[]>,
    because: string,
    conditions: NonNullable<Grant['conditions']>,
  ): Grant[] {
    return Object.entries(actions).map(([action, resources]) =>
      grant([action], resources, because, conditions),
    )
  }

  /** Only what carries our mark at the moment of the call. */
  #stops(): Grant[] {
    const { arns } = this
    const marked = {
      ...notOfAnother(this, 'aws:ResourceTag'),
      Null: { [`aws:ResourceTag/${TAGS.tagsDue}`]: 'false' },
    }
    const because = 'Stops what was marked and told of, and starts it once it has its tags.'
    return [
      grant(['ec2:StartInstances', 'ec2:StopInstances'], [arns.instances], because, marked),
      grant(['rds:StartDBInstance', 'rds:StopDBInstance'], [arns.databases], because, marked),
      grant(['rds:StartDBCluster', 'rds:StopDBCluster'], [arns.databaseClusters], because, marked),
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
        ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [table.tableArn],
        'Keeps who has made what, how far it was told, and what people are told. A condition limits it to these.',
        inPartitions(TAG_CASES, `${TAG_NOTICE}*`, `${TAG_REPORT}*`),
      ),
    ]
  }
}
