export type Shape = 'check' | 'cross' | 'going' | 'held' | 'dot' | 'none' | 'moon'

/** Filled shapes of 16 by 16; each differs from the others without its colour too. */
const PATHS: Record<Shape, string> = {
  check:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.7 4.3a.9.9 0 0 0-1.3.1L7.2 9.3 5.5 7.6a.9.9 0 1 0-1.2 1.3l2.4 2.3a.9.9 0 0 0 1.3-.1l3.8-4.5a.9.9 0 0 0-.1-1.3Z',
  cross:
    'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1L5.1 1Zm.3 4.4a.9.9 0 0 0 0 1.3L6.7 8 5.4 9.3a.9.9 0 1 0 1.3 1.3L8 9.3l1.3 1.3a.9.9 0 0 0 1.3-1.3L9.3 8l1.3-1.3a.9.9 0 0 0-1.3-1.3L8 6.7 6.7 5.4a.9.9 0 0 0-1.3 0Z',
  going:
    'M8 1a7 7 0 0 1 7 7h-2a5 5 0 0 0-5-5V1ZM1 8a7 7 0 0 1 3.5-6.06l1 1.73A5 5 0 0 0 3 8H1Zm3.5 6.06A7 7 0 0 1 1.94 11.5l1.73-1A5 5 0 0 0 5.5 12.33l-1 1.73Z',
  held: 'M8 .6 15.4 8 8 15.4.6 8 8 .6ZM6 5.2v5.6h1.4V5.2H6Zm2.6 0v5.6H10V5.2H8.6Z',
  dot: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Zm0 1.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z',
  none: 'M4 7.2h8v1.6H4z',
  moon: 'M6.2 1.5A6.8 6.8 0 1 0 14.5 9.8 5.6 5.6 0 0 1 6.2 1.5Z',
}

/** Goes beside words that say the same: nothing for a screen reader. */
export function Icon({ shape, tone = '' }: { shape: Shape; tone?: string }) {
  return (
    <svg class={`icon shape-${shape} ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[shape]} fill-rule="evenodd" />
    </svg>
  )
}
