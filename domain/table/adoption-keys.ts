/** What the sort key of every record of tags that an adopted service has lost begins with. */
export const TAGS_LOST = 'tags-lost#'
/** The partition of all that `caretaker adopt` has given tags: one query reads it. */
export const ADOPTED = 'adopted'
export const ADOPTION = 'adopted#'

/** @param service `<cluster>/<service>`. @param at when it was adopted: told once for each loss. */
export const tagsLostKey = (service: string, at: string, losses: number) => ({
  pk: `service#${service}`,
  sk: `${TAGS_LOST}${at}#${losses}`,
})

/** @param id of the resource: `domain/sleep/resource.ts`. */
export const adoptionKey = (id: string) => ({ pk: ADOPTED, sk: `${ADOPTION}${id}` })
