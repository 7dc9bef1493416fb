import { createTables, definePlugin, type PluginFactory } from '@entrepot/core'
import { applyDistributor, applyDistributorInput } from './apply-distributor.js'
import { attributeCart } from './attribute-cart.js'
import { bindCustomer, bindInput, identifyInput, identifyVisitor } from './bind-customer.js'
import { click, clickInput } from './click.js'
import type { DistributionContext } from './context.js'
import { describeDistributors } from './describe-distributors.js'
import type { Distribution } from './distribution.js'
import type { DistributionEvents } from './events.js'
import { forgetPerson, forgetVisitors } from './forget.js'
import { distributorIdInput } from './inputs.js'
import { moveDistributor, moveDistributorInput } from './move-distributor.js'
import { nameBeneficiaries } from './name-beneficiaries.js'
import { type DistributionOptions, distributionOptions } from './options.js'
import * as business from './read-business.js'
import * as read from './read-distributors.js'
import * as register from './register-distributors.js'
import * as review from './review-distributor.js'
import { distributionTables } from './tables.js'
import { updateDistributor, updateDistributorInput } from './update-distributor.js'

/**
 * Distributors who bring customers and have a share of what they buy.
 * @example createCommerce({ plugins: [distribution({ tiers: [{ percent: 8 }, { percent: 4 }] })] })
 */
export const distribution: PluginFactory<'distribution', DistributionOptions, Distribution, DistributionEvents> = definePlugin({
  id: 'distribution',
  core: '>=0.1.0 <1.0.0',
  options: distributionOptions,
  entities: distributionTables,
  migrations: [createTables('0001-initial', distributionTables)],
  setup(context: DistributionContext): Distribution {
    takePart(context)
    return createDistribution(context)
  },
})

function takePart(context: DistributionContext): void {
  const name = nameBeneficiaries(context)
  context.join('cart.attributing', attributeCart)
  context.join('commission.naming', ({ orders }, tx) => name(orders, tx))
  context.join('commission.describing', ({ parties }, reader) => describeDistributors(reader, parties))
  context.join('customer.erasing', ({ customerId }, tx) => forgetPerson(tx, customerId))
  context.every('forget-visitors', { cron: '20 3 * * *', timezone: 'UTC' }, () => context.transaction(undefined, forgetVisitors))
}

function createDistribution(context: DistributionContext): Distribution {
  const { command, query, commerce } = context
  const list = query('list', read.listDistributorsInput, read.listDistributors)
  const get = query('get', distributorIdInput, read.getDistributor)
  return {
    apply: command('apply', applyDistributorInput, applyDistributor(context)),
    register: command('register', register.registerDistributorInput, register.registerDistributor(context)),
    import: command('import', register.importDistributorsInput, register.importDistributors(context)),
    approve: command('approve', distributorIdInput, review.approveDistributor(context)),
    reject: command('reject', review.reasonedInput, review.rejectDistributor(context)),
    suspend: command('suspend', review.reasonedInput, review.suspendDistributor(context)),
    reinstate: command('reinstate', distributorIdInput, review.reinstateDistributor(context)),
    update: command('update', updateDistributorInput, updateDistributor(context)),
    move: command('move', moveDistributorInput, moveDistributor(context)),
    get,
    find: query('find', read.findDistributorInput, read.findDistributor),
    list: (input = {}, call) => list(input, call),
    trail: query('trail', read.listTrailInput, read.listTrail),
    link: query('link', business.linkInput, business.makeLink),
    click: command('click', clickInput, click(context)),
    identify: command('identify', identifyInput, identifyVisitor(context)),
    bind: command('bind', bindInput, bindCustomer(context)),
    binding: query('binding', business.bindingInput, business.getBinding),
    orders: query('orders', business.listOrdersInput, business.listOrders),
    customers: query('customers', business.listCustomersInput, business.listCustomers),
    earnings: async (input, call) => {
      const { id } = await get(input, call)
      return commerce.settlement.balances({ party: `distributor:${id}` }, call)
    },
  }
}
