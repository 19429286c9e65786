/** How bad a finding is, the worst first; what is less is not told. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

/** How many findings of each severity a scan has; none of one that is absent. */
export type Findings = Partial<Record<Severity, number>>

/** What the registry says of an image: what its scan found, or that it is not complete yet. */
export type Scan = { findings: Findings } | 'pending'

/** ECR's counts (`{ CRITICAL: 2 }`), as far as they are told. */
export function findingsIn(counts: Record<string, number | undefined>): Findings {
  const known = SEVERITIES.map(
    (severity) => [severity, counts[severity.toUpperCase()] ?? 0] as const,
  )
  return Object.fromEntries(known.filter(([, count]) => count > 0))
}

/** `2 critical, 5 high`; empty when there are none. */
export function findingsText(findings: Findings, last: Severity = 'low'): string {
  return SEVERITIES.slice(0, SEVERITIES.indexOf(last) + 1)
    .filter((severity) => (findings[severity] ?? 0) > 0)
    .map((severity) => `${findings[severity]} ${severity}`)
    .join(', ')
}
