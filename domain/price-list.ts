/**
 * What an hour of a machine costs at list price, in US dollars, us-east-1, on demand, Linux.
 * `node scripts/prices.ts` reads it anew from what AWS publishes, and writes this file.
 *
 * - https://aws.amazon.com/ec2/pricing/on-demand/
 * - https://aws.amazon.com/rds/postgresql/pricing/, /mysql/, /aurora/ (single zone)
 */
export const PRICE_LIST = {
  read: '2026-11-28',
  region: 'us-east-1',
  instance: {
    't3.nano': 0.0052,
    't3.micro': 0.0104,
    't3.small': 0.0208,
    't3.medium': 0.0416,
    't3.large': 0.0832,
    't3.xlarge': 0.1664,
    't4g.nano': 0.0042,
    't4g.micro': 0.0084,
    't4g.small': 0.0168,
    't4g.medium': 0.0336,
    't4g.large': 0.0672,
    't4g.xlarge': 0.1344,
    'm5.large': 0.096,
    'm5.xlarge': 0.192,
    'm6g.large': 0.077,
    'm6g.xlarge': 0.154,
    'm7g.large': 0.0816,
    'm7g.xlarge': 0.1632,
    'c5.large': 0.085,
    'c6g.large': 0.068,
    'c7g.large': 0.0725,
    'r5.large': 0.126,
    'r6g.large': 0.1008,
  },
  postgres: {
    'db.t3.micro': 0.018,
    'db.t3.small': 0.036,
    'db.t3.medium': 0.072,
    'db.t3.large': 0.145,
    'db.t4g.micro': 0.016,
    'db.t4g.small': 0.032,
    'db.t4g.medium': 0.065,
    'db.t4g.large': 0.129,
    'db.m6g.large': 0.159,
    'db.r6g.large': 0.225,
  },
  mysql: {
    'db.t3.micro': 0.017,
    'db.t3.small': 0.034,
    'db.t3.medium': 0.068,
    'db.t3.large': 0.136,
    'db.t4g.micro': 0.016,
    'db.t4g.small': 0.032,
    'db.t4g.medium': 0.065,
    'db.t4g.large': 0.129,
    'db.m6g.large': 0.152,
    'db.r6g.large': 0.215,
  },
  aurora: {
    'db.t3.medium': 0.082,
    'db.t4g.medium': 0.073,
    'db.t4g.large': 0.146,
    'db.r5.large': 0.29,
    'db.r6g.large': 0.26,
  },
} as const
