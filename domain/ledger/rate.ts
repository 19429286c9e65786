import { PRICES } from '../prices.ts'

/** Dollars an hour at list price of one Fargate task: CPU units and MiB. */
export const taskHour = (cpu: number, memory: number): number =>
  (cpu / 1024) * PRICES.fargateVcpuHour + (memory / 1024) * PRICES.fargateGigabyteHour
