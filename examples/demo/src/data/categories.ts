import { type Text, text } from './product.js'

/** The category tree, parents first, by path. */
export const categories: readonly { readonly path: string; readonly name: Text }[] = [
  { path: 'tea', name: text('茶与咖啡', 'Tea and coffee') },
  { path: 'tea/puer', name: text('普洱', 'Pu’er') },
  { path: 'tea/black', name: text('红茶', 'Black tea') },
  { path: 'tea/green-white', name: text('绿茶与白茶', 'Green and white tea') },
  { path: 'tea/scented', name: text('花茶', 'Scented tea') },
  { path: 'tea/coffee', name: text('咖啡', 'Coffee') },
  { path: 'home', name: text('家居', 'Home') },
  { path: 'home/teaware', name: text('茶具', 'Teaware') },
  { path: 'home/tableware', name: text('餐具', 'Tableware') },
  { path: 'home/decor', name: text('陈设', 'Decoration') },
  { path: 'home/bedding', name: text('寝具', 'Bedding') },
  { path: 'apparel', name: text('服饰', 'Apparel') },
  { path: 'apparel/scarves', name: text('丝巾', 'Scarves') },
  { path: 'apparel/clothing', name: text('衣装', 'Clothing') },
  { path: 'apparel/accessories', name: text('配饰', 'Accessories') },
  { path: 'electronics', name: text('数码', 'Electronics') },
  { path: 'electronics/audio', name: text('音频', 'Audio') },
  { path: 'electronics/charging', name: text('充电', 'Charging') },
  { path: 'electronics/home', name: text('家用电器', 'Home appliances') },
  { path: 'electronics/desk', name: text('桌面', 'Desk') },
]
