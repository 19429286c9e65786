/** When everything that is watched is looked at, in the environment's zone: before people come, after AWS has counted the day. */
export const DAILY_SWEEP = '06:30'
