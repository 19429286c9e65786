/**
 * The path that a program asks for, and all below it, as one pattern of the load balancer:
 * `/` is `/*`, `/api` is `/api*`.
 */
export function pathPattern(path: string): string {
  const plain = `/${path.replace(/^\/+/, '').replace(/[/*]+$/, '')}`
  return plain === '/' ? '/*' : `${plain}*`
}
