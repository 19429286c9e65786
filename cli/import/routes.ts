/** The path that a program asks for, and all below it, as patterns of the load balancer. */
export function pathPatterns(path: string): string[] {
  const plain = `/${path.replace(/^\/+/, '').replace(/[/*]+$/, '')}`
  return plain === '/' ? ['/*'] : [plain, `${plain}/*`]
}
