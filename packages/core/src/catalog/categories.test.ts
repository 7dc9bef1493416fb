import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatalogFixture, openCatalog } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`categories on ${database.name}`, () => {
    let fixture: CatalogFixture
    beforeEach(async () => {
      fixture = await openCatalog(database)
    })
    afterEach(() => fixture.close())

    const create = async (slug: string, parentId?: string): Promise<string> =>
      (await fixture.catalog.service.createCategory({ slug, parentId, names: { en: slug } })).id
    const paths = async (under?: string) => (await fixture.catalog.service.listCategories({ under })).map(({ path }) => path)

    it('form a tree, read with parents before children', async () => {
      const shoes = await create('shoes')
      await create('shoes-care')
      await create('trail', await create('running', shoes))
      expect(await paths()).toEqual(['shoes', 'shoes/running', 'shoes/running/trail', 'shoes-care'])
      expect(await paths('shoes')).toEqual(['shoes', 'shoes/running', 'shoes/running/trail'])
    })

    it('move with all that lies below them', async () => {
      const sport = await create('运动𠮷')
      const running = await create('running', await create('鞋'))
      await create('trail', running)
      expect(await fixture.catalog.service.moveCategory({ categoryId: running, parentId: sport })).toMatchObject({ path: '运动𠮷/running' })
      expect(await paths('运动𠮷')).toEqual(['运动𠮷', '运动𠮷/running', '运动𠮷/running/trail'])
      await fixture.catalog.service.moveCategory({
        categoryId: sport,
        parentId: (await fixture.catalog.service.listCategories({ under: '鞋' }))[0]?.id ?? '',
      })
      expect(await paths('鞋')).toEqual(['鞋', '鞋/运动𠮷', '鞋/运动𠮷/running', '鞋/运动𠮷/running/trail'])
      await fixture.catalog.service.moveCategory({ categoryId: running, parentId: null })
      expect(await paths('running')).toEqual(['running', 'running/trail'])
    })

    it('refuse a slug that is taken, a parent that is not there, and a place below themselves', async () => {
      const { service } = fixture.catalog
      const shoes = await create('shoes')
      const running = await create('running', shoes)
      await create('running')
      await expect(create('shoes')).rejects.toMatchObject({ code: 'catalog.category_taken' })
      await expect(create('x', 'cat_none')).rejects.toMatchObject({ code: 'catalog.category_not_found' })
      await expect(create('a/b')).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(service.moveCategory({ categoryId: shoes, parentId: running })).rejects.toMatchObject({
        code: 'catalog.category_under_itself',
      })
      await expect(service.moveCategory({ categoryId: running, parentId: null })).rejects.toMatchObject({ code: 'catalog.category_taken' })
    })

    it('never hang under each other, also when both move at once', async () => {
      const [a, b] = [await create('a'), await create('b')]
      const { moveCategory } = fixture.catalog.service
      const moves = await Promise.allSettled([moveCategory({ categoryId: a, parentId: b }), moveCategory({ categoryId: b, parentId: a })])
      expect(moves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })
  })
}
