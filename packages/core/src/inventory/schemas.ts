/** Bounds that inventory's inputs share; what passes them fits its column. */
import * as z from 'zod'

export const idSchema: z.ZodType<string> = z.string().min(1).max(64)

/** Units of one change. */
export const quantitySchema: z.ZodType<number> = z.int().min(1).max(1_000_000)

/** Units on a shelf. */
export const levelSchema: z.ZodType<number> = z.int().min(0).max(1_000_000_000)

export const reasonSchema: z.ZodType<string> = z.string().min(1).max(500)

export const limitSchema: z.ZodType<number | undefined> = z.int().min(1).max(200).optional()
