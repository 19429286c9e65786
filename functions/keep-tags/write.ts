import {
  type FailureInfo,
  type ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api'

/** `TagResources` takes twenty ARNs. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html */
const AT_ONCE = 20
/** Four a second: five are published, and others use them too. */
const PAUSE_MS = 250
/**
 * Behind the Tagging API each resource is a call of its own service: ECS and EC2 refill ten a second.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
const EACH_MS = 100
/** Of what fails for AWS's own reasons. */
const TRIES = 3

/** Tags that one resource is to get. */
export type Write = { arn: string; tags: Record<string, string> }

/** What became of each ARN: nothing when it was written, else AWS's words. */
export type Written = Map<string, string | undefined>

type Tagging = {
  tagging: ResourceGroupsTaggingAPIClient
  pause(milliseconds: number): Promise<void>
}

/**
 * Adds tags, with one call for twenty resources that get the same. An answer of 200 may hold
 * failures: who failed for AWS's own reasons is asked for again, alone; the others are done.
 *
 * @throws what fails a call as a whole; what was written before stays, and is not written again.
 */
export async function writeTags(
  sources: Tagging,
  writes: readonly Write[],
  written: (arn: string, error: string | undefined) => Promise<void>,
): Promise<void> {
  const bySame = Map.groupBy(writes, ({ tags }) => JSON.stringify(Object.entries(tags).toSorted()))
  for (const same of bySame.values()) {
    const tags = same[0]?.tags ?? {}
    for (let start = 0; start < same.length; start += AT_ONCE) {
      const arns = same.slice(start, start + AT_ONCE).map(({ arn }) => arn)
      const failed = await tag(sources, arns, tags)
      for (const arn of arns) await written(arn, await oneByOne(sources, arn, tags, failed[arn]))
    }
  }
}

async function tag({ tagging, pause }: Tagging, arns: string[], tags: Record<string, string>) {
  const answer = await tagging.send(new TagResourcesCommand({ ResourceARNList: arns, Tags: tags }))
  await pause(Math.max(PAUSE_MS, arns.length * EACH_MS))
  return answer.FailedResourcesMap ?? {}
}

/** @returns AWS's words, where it stays refused. */
async function oneByOne(
  sources: Tagging,
  arn: string,
  tags: Record<string, string>,
  failure: FailureInfo | undefined,
): Promise<string | undefined> {
  let last = failure
  for (let tries = 1; last !== undefined && isPassing(last) && tries < TRIES; tries++) {
    await sources.pause(PAUSE_MS * 2 ** tries)
    last = (await tag(sources, [arn], tags))[arn]
  }
  return last === undefined ? undefined : `${last.ErrorCode}: ${last.ErrorMessage}`
}

const isPassing = ({ StatusCode = 0, ErrorCode, ErrorMessage = '' }: FailureInfo): boolean =>
  StatusCode >= 500 ||
  StatusCode === 429 ||
  ErrorCode === 'InternalServiceException' ||
  /throttl|rate exceeded|request limit/i.test(ErrorMessage)
