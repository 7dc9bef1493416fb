import { type DemoDistributor, distributors, tierPercents } from '../data/distributors.js'
import { variantsOf } from '../data/product.js'
import { cny, known, type World } from '../world.js'

/** Who is here, and on what terms. */
export async function opening({ commerce, clock, stage, people }: World): Promise<void> {
  stage.scene(
    'The marketplace opens',
    clock.now(),
    'Four suppliers have applied, shown their licences, been reviewed and signed, each step in an audit trail. The platform keeps a commission of each sale; a claim is held for some days after delivery.',
  )
  const rules = await commerce.commission.rules()
  const rows = await Promise.all(
    [...people.suppliers.values()].map(async ({ id: supplierId, demo }) => {
      const { name, status } = await commerce.suppliers.get({ supplierId })
      const contract = await commerce.suppliers.contract({ supplierId })
      const rule = rules.find(({ match }) => match.supplier === supplierId)
      const variants = demo.products.flatMap(variantsOf).length
      return [
        name,
        `${demo.city.zh} ${demo.city.en}`,
        status,
        demo.products.length,
        variants,
        rule?.terms.calculation.by === 'percent' ? `${rule.terms.calculation.percent / 10_000} %` : '',
        contract === null ? '' : `${contract.settlement.holdDays} days`,
        contract?.settlement.cycle ?? '',
      ]
    }),
  )
  stage.table({
    head: ['Supplier', 'City', 'Status', '>Products', '>Variants', '>Commission', '>Hold', 'Paid'],
    rows,
  })
  stage.note(
    `Six distributors bring customers. Who brought one is tier 1; those above earn too, and nobody earns for recruiting: ${tierPercents
      .map((percent, index) => `tier ${index + 1} has ${percent} %`)
      .join(', ')} of the net price of what is sold.`,
  )
  stage.blank()
  stage.table({
    head: ['Distributor', 'What they do', 'Status', 'A link of theirs'],
    rows: await Promise.all(
      treeFrom(undefined).map(async ({ key, about, branch }) => {
        const { id: distributorId } = known(people.distributors, key)
        const { name, status } = await commerce.distribution.get({ distributorId })
        const { url } = await commerce.distribution.link({ distributorId, url: 'https://shop.example/' })
        return [`${branch}${name}`, about, status, url]
      }),
    ),
  })
}

/** Each followed by those below it, with the branches that lead to it. */
function treeFrom(parent: string | undefined, before = ''): readonly (DemoDistributor & { readonly branch: string })[] {
  const children = distributors.filter((distributor) => distributor.parent === parent)
  return children.flatMap((distributor, index) => {
    const last = index === children.length - 1
    const [branch, below] = parent === undefined ? ['', ''] : [`${before}${last ? '└─ ' : '├─ '}`, `${before}${last ? '   ' : '│  '}`]
    return [{ ...distributor, branch }, ...treeFrom(distributor.key, below)]
  })
}

/** A look at the shelf, as a shop's front page would ask for it. */
export async function shelf({ commerce, clock, stage }: World): Promise<void> {
  stage.scene(
    'The shelf',
    clock.now(),
    'One call gives a page of published products with name, price, stock and picture, in the language of whoever looks; here the first products of four categories, and a search.',
  )
  const paths = ['tea/black', 'home/teaware', 'apparel/scarves', 'electronics/audio']
  const pages = await Promise.all(paths.map((categoryPath) => commerce.storefront.products({ categoryPath, limit: 2 })))
  const found = await commerce.storefront.products({ query: 'travel', limit: 2 })
  stage.table({
    head: ['中文', 'English', 'Category', '>Variants', '>From', '>In stock', 'Picture'],
    rows: [...pages.flatMap(({ items }) => items), ...found.items].map(({ names, categoryPath, offers, best, image }) => [
      names['zh-CN'] ?? '',
      names.en ?? '',
      categoryPath,
      offers.length,
      best === null ? '' : cny(best.price),
      offers.reduce((sum, offer) => sum + offer.available, 0),
      image === null ? '' : image.url.slice(image.url.lastIndexOf('/') + 1),
    ]),
  })
}
