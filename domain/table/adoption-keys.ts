/** What the keys of every record of tags that an adopted resource has lost begin with. */
export const TAGS_LOST = 'tags-lost#'
/** The partition of all that `caretaker adopt` has given tags: one query reads it. */
export const ADOPTED = 'adopted'
export const ADOPTION = 'adopted#'

/** @param id of the resource. @param at when it was adopted: told once for each loss. */
export const tagsLostKey = (id: string, at: string, losses: number) => ({
  pk: `${TAGS_LOST}${id}`,
  sk: `${TAGS_LOST}${at}#${losses}`,
})

/** @param id of the resource: `domain/sleep/resource.ts`. */
export const adoptionKey = (id: string) => ({ pk: ADOPTED, sk: `${ADOPTION}${id}` })
