/**
 * What `nat: instance` is made of: the smallest that forwards as much as a developer’s environment
 * needs, with a root as small as Amazon Linux’s image lets it be.
 */
export const NAT_INSTANCE = { type: 't4g.nano', gigabytes: 8 } as const
