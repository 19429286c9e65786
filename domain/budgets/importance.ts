/** How much a service's sleep costs people; what is first sleeps first. */
export const IMPORTANCE = ['low', 'normal', 'high'] as const
export type Importance = (typeof IMPORTANCE)[number]
