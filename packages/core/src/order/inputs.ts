import * as z from 'zod'

/** Lines of orders, as inputs name them: each once. */
export function eachLineOnce<Line extends { readonly lineId: string }>(line: z.ZodType<Line>, most: number): z.ZodType<readonly Line[]> {
  return z
    .array(line)
    .min(1)
    .max(most)
    .refine((all) => new Set(all.map(({ lineId }) => lineId)).size === all.length, 'must name each line once')
}
