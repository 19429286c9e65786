import type { Construct } from 'constructs'
import { TAG_CASES, TAG_NOTICE, TAG_REPORT } from '../../domain/table/tag-keys.ts'
import { DAILY_SWEEP } from '../../domain/tagging/sweep-time.ts'
import { TAGS } from '../../domain/tags.ts'
import { pattern as resourceCreated } from '../../events/resource-created.ts'
import { pattern as resourceOwned } from '../../events/resource-owned.ts'
import { pattern as sessionBegun } from '../../events/session-begun.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'
import { notOfAnother } from './roll-out-grants.ts'
import { readsWatched, writesTags } from './tag-grants.ts'

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
      grants: [
        ...readsWatched(this),
        ...writesTags(this, props.catalog),
        ...this.#stops(),
        ...this.#keeps(),
      ],
    })
    this.addSchedule('keep-tags-schedule', {
      description: 'Does everything that is watched carry the tags that the catalog requires?',
      every: { at: DAILY_SWEEP, timeZone: environment.timeZone },
      target: keep,
      input: { sweep: 'daily' },
    })
    this.addRule('resource-owned', {
      description: 'Somebody has said whose a resource is that had no owner: it is written',
      pattern: resourceOwned,
      target: keep,
    })
    if (environment.trail === 'none') return
    this.addRule('resource-created', {
      description: 'Somebody has made something: whose it is, and which tags it lacks',
      pattern: resourceCreated,
      target: keep,
    })
    this.addRule('session-begun', {
      description:
        'A pipeline begins a session: what it makes names the session, not the repository',
      pattern: sessionBegun,
      target: keep,
      reads: true,
    })
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
