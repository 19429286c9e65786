import type { Catalog } from '../../catalog/schema.ts'
import type { Stack } from '../assembly.ts'
import { costPage } from './cost-page.ts'
import { eventsDiagram } from './events-diagram.ts'
import { machinesDiagram } from './machines-diagram.ts'
import { stacksDiagram } from './stacks-diagram.ts'

const ARCHITECTURE = 'docs/architecture.md'

/**
 * The pages that are made from the templates, by path.
 *
 * @param read the present text of a page of which only the drawings are made.
 * @throws Error for a page that has no place for a drawing.
 */
export function pagesOf(
  stacks: readonly Stack[],
  catalog: Catalog,
  read: (path: string) => string,
): Record<string, string> {
  const drawings = {
    machines: machinesDiagram(stacks),
    stacks: stacksDiagram(stacks),
    events: eventsDiagram(stacks),
  }
  return {
    'docs/cost.md': costPage(stacks, catalog),
    [ARCHITECTURE]: Object.entries(drawings).reduce(
      (text, [name, mermaid]) => withDrawing(text, name, mermaid),
      read(ARCHITECTURE),
    ),
  }
}

/** Puts a drawing between its marks: `<!-- drawing stacks … -->` and `<!-- end -->`. */
function withDrawing(text: string, name: string, mermaid: string): string {
  const place = new RegExp(`(<!-- drawing ${name}[^>]*-->\n)[^]*?(<!-- end -->)`)
  if (!place.test(text)) throw new Error(`${ARCHITECTURE} has no place for the drawing "${name}"`)
  return text.replace(
    place,
    (_, begin: string, end: string) => `${begin}\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n\n${end}`,
  )
}
