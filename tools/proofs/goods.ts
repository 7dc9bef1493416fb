/** What is sold in a proof. */
export const address = { name: 'Li Wei', country: 'CN', city: 'Hangzhou', line1: 'Wensan Road 1' } as const

/** Minor units of CNY; each article costs it. */
export const articlePrice = 10_000
/** Minor units of CNY; each parcel costs it. */
export const parcelPrice = 800
