import type * as z from 'zod'
import { text } from '../kernel/index.js'

/** Why something was done: read by people, kept in the trail. */
export const reason: z.ZodType<string> = text(2000)
