/** `arn:aws:sqs:<region>:<account>:<name>` -> the URL that the API takes. */
export function queueUrlOf(arn: string): string {
  const [, , , region, account, name] = arn.split(':')
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`
}
