/** Operations that only ask. */
const READS = /^(Describe|List|Get|BatchGet|Query|Scan|Filter|Lookup|Discover|Search|Test|Validate)/

/** Whether an operation of AWS only asks, by its name. */
export const isRead = (operation: string): boolean => READS.test(operation)
