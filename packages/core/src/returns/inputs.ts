import * as z from 'zod'

/** Up to 1,000 lines, each once. */
export function eachOnce<Line extends { readonly lineId: string }>(line: z.ZodType<Line>): z.ZodType<readonly Line[]> {
  return z
    .array(line)
    .min(1)
    .max(1000)
    .refine((all) => new Set(all.map(({ lineId }) => lineId)).size === all.length, 'must name each line once')
}
