import type { Metadata } from '../kernel/index.js'
import { categoryTooDeep } from './errors.js'
import type { Localized } from './localized.js'

/** A place in the category tree. */
export interface Category {
  readonly id: string
  /** Null at the top. */
  readonly parentId: string | null
  /** Its own part of the path: `running`. */
  readonly slug: string
  /** The slugs from the top down: `shoes/running`. */
  readonly path: string
  readonly names: Localized
  readonly metadata: Metadata
}

/** Levels of the tree; with a slug's length it bounds a path to its column. */
const deepest = 8

/** @throws catalog.category_too_deep */
export function pathUnder(parentPath: string | null, slug: string): string {
  const path = parentPath === null ? slug : `${parentPath}/${slug}`
  if (path.split('/').length > deepest) throw categoryTooDeep({ path, deepest })
  return path
}

/** Whether a category is the other or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`)
}
