import * as z from 'zod'
import { concat, id, inList, type Kernel, type Metadata, metadata, type Reader, sql, type Tx } from '../kernel/index.js'
import { type CategoryRow, categoryTable } from './category.entity.js'
import { type Category, isWithin, pathUnder } from './category.js'
import { categoryNotFound, categoryTaken, categoryUnderItself } from './errors.js'
import type { Localized } from './localized.js'
import { localized, slug } from './schemas.js'

export interface CreateCategoryInput {
  /** None: at the top. */
  readonly parentId?: string | undefined
  /** Its part of the path; distinct among its siblings. */
  readonly slug: string
  readonly names: Localized
  readonly metadata?: Metadata | undefined
}

export const createCategoryInput: z.ZodType<CreateCategoryInput> = z.strictObject({
  parentId: id.optional(),
  slug,
  names: localized(200),
  metadata: metadata.optional(),
})

export function createCategory({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: CreateCategoryInput) => Promise<Category> {
  return async (tx, input) => {
    // Locked, so that a parent that moves meanwhile takes the new child along.
    const parent = input.parentId === undefined ? undefined : await parentOf(tx, input.parentId)
    const row: CategoryRow = {
      id: ids('cat'),
      parentId: parent?.id ?? null,
      slug: input.slug,
      path: pathUnder(parent?.path ?? null, input.slug),
      names: input.names,
      metadata: input.metadata ?? {},
      createdAt: tx.now,
    }
    if ((await tx.insertMissing(categoryTable, [row])) === 0) throw categoryTaken({ path: row.path })
    return toCategory(row)
  }
}

async function parentOf(tx: Tx, categoryId: string): Promise<CategoryRow> {
  const [parent] = await tx.lock(categoryTable, { id: categoryId })
  if (!parent) throw categoryNotFound({ categoryId })
  return parent
}

export interface MoveCategoryInput {
  readonly categoryId: string
  /** Null: to the top. Everything below comes along. */
  readonly parentId: string | null
}

export const moveCategoryInput: z.ZodType<MoveCategoryInput> = z.strictObject({ categoryId: id, parentId: id.nullable() })

export async function moveCategory(tx: Tx, { categoryId, parentId }: MoveCategoryInput): Promise<Category> {
  // The whole tree: two moves at once could otherwise each hang under the other.
  const tree = await tx.lock(categoryTable, {})
  const find = (wanted: string): CategoryRow => {
    const row = tree.find((candidate) => candidate.id === wanted)
    if (!row) throw categoryNotFound({ categoryId: wanted })
    return row
  }
  const category = find(categoryId)
  const parent = parentId === null ? null : find(parentId)
  if (parent && isWithin(parent.path, category.path)) throw categoryUnderItself({ categoryId, parentId: parent.id })
  const path = pathUnder(parent?.path ?? null, category.slug)
  if (path === category.path) return toCategory(category)
  if (tree.some((row) => row.path === path)) throw categoryTaken({ path })
  const moving = tree.filter((row) => isWithin(row.path, category.path))
  for (const row of moving) if (row !== category) pathUnder(path, row.path.slice(category.path.length + 1))
  await tx.run(sql`
    UPDATE ${categoryTable} SET path = ${concat(sql`${path}`, sql`substr(path, ${[...category.path].length + 1})`)}
    WHERE ${inList(
      sql`id`,
      moving.map((row) => row.id),
    )}`)
  await tx.update(categoryTable, { parentId }, { id: categoryId })
  return toCategory({ ...category, parentId, path })
}

export interface ListCategoriesInput {
  /** Only this category and what lies below it: `shoes`. */
  readonly under?: string | undefined
}

export const listCategoriesInput: z.ZodType<ListCategoriesInput> = z.strictObject({ under: z.string().min(1).max(700).optional() })

/** The tree, parents before their children; it is small enough to be read whole. */
export async function listCategories(reader: Reader, { under }: ListCategoriesInput): Promise<readonly Category[]> {
  const rows = await reader.find(categoryTable, {})
  const wanted = under === undefined ? rows : rows.filter((row) => isWithin(row.path, under))
  // Sorted here: databases differ in where they put "/" and "-".
  return wanted.map(toCategory).sort((a, b) => compareSegments(a.path.split('/'), b.path.split('/')))
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((segment, index) => segment !== b[index])
  if (at === -1) return a.length - b.length
  const [left, right] = [a[at] ?? '', b[at] ?? '']
  return left < right ? -1 : 1
}

export function toCategory({ id, parentId, slug, path, names, metadata }: CategoryRow): Category {
  return { id, parentId, slug, path, names, metadata }
}
