/** `<cluster>/<service>` of a service ARN (`arn:…:service/<cluster>/<service>`). */
export const serviceOf = (arn: string): string => arn.split(':service/')[1] ?? arn
