/** The items by a key, in the order in which the keys first occur. (`Map.groupBy` begins with Node 21.) */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** The sum of whole numbers that items have. Amounts are summed by money's `sumAmounts`, which refuses what is none. */
export function sumBy<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let sum = 0
  for (const item of items) sum += numberOf(item)
  return sum
}
